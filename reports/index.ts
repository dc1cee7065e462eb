/** Reports: pure functions from the result of a run to a string. The only door of this room. */
import type { RunResult } from '../sim/result.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/index.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { type ReportKind, type ReportOptions, withDefaults } from './options.ts';
import { renderText } from './text/index.ts';

export { REPORT_KINDS, type ReportKind, type ReportOptions, type Verbosity } from './options.ts';

/** The report of the given kind. The same result and options give the same bytes; JSON, Markdown, JUnit and HTML ignore width and colour. */
export function render(kind: ReportKind, result: RunResult, options?: Partial<ReportOptions>): string {
  const all = withDefaults(options);
  switch (kind) {
    case 'text':
      return renderText(result, all);
    case 'json':
      return renderJson(result);
    case 'markdown':
      return renderMarkdown(result, all);
    case 'junit':
      return renderJunit(result, all);
    case 'github':
      return renderGithub(result, all);
    case 'html':
      return renderHtml(result, all);
  }
}
