/**
 * Names and sentences in a result come from strangers' scenario files. Here each output gets its own way of showing
 * them as what they are, text, and never as an instruction to a terminal, a CI runner, a browser or a spreadsheet.
 * Nothing is dropped in silence: what may not be written as itself is written as a visible escape.
 */

/**
 * Characters that act instead of showing: C0 and C1 controls (ANSI escapes start there), soft hyphen, bidirectional
 * controls, zero-width and line separators, byte-order mark, interlinear and tag characters, lone surrogates, and the
 * two that XML forbids. The zero-width joiners stay: some scripts and emoji need them.
 */
const ACTING =
  // oxlint-disable-next-line no-control-regex -- matching controls is the point
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const known = SHORT_ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text with every acting character shown as an escape such as `\x1b`; one line, whatever it was. */
export function visible(text: string): string {
  return text.replace(ACTING, escapeOf);
}

/** A paragraph of prose as one line: its line breaks are layout and become spaces, other controls become visible. */
export function prose(text: string): string {
  return visible(text.replace(/[ \t\r\n]+/g, ' ').trim());
}

/** `##[error]`, `##vso[…]`, `##teamcity[…]` are commands to some CI runners anywhere in a line. */
const RUNNER_COMMAND = /##(?=[\w.-]*\[)/g;

/** Ready for one line of a terminal or a CI log. Combining marks are capped, lest a stack of them paint other lines. */
export function terminal(text: string): string {
  return visible(text)
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(RUNNER_COMMAND, '# #');
}

/**
 * A whole text, line by line, without workflow commands of GitHub: a line that starts with `::` would be one, and
 * wrapping may put any word first.
 */
export function withoutCommands(output: string): string {
  return output.replace(/^(\s*):(?=:)/gm, '$1: ').replace(RUNNER_COMMAND, '# #');
}

/** JSON text whose strings hold no character that acts on a terminal or a CI log. Parses to the same value. */
export function jsonSafe(json: string): string {
  return json
    .replace(ACTING, (character) => (character === '\n' ? character : unicodeEscape(character)))
    .replace(RUNNER_COMMAND, '\\u0023#');
}

function unicodeEscape(character: string): string {
  let escaped = '';
  for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return escaped;
}

/**
 * Text in Markdown prose. What could begin markup is escaped and no more, so that the source stays
 * readable: links, HTML, headings, formulas and autolinks stay text; a mention does not ping anybody. Pipes are left to
 * `markdownCell`.
 */
export function markdown(text: string): string {
  return prose(text)
    .replace(/[\\`*_[\]<>~$&]/g, '\\$&')
    .replace(/:(?=[:/])/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=#:]/, '\\$&')
    .replace(/@(?=\w)/g, '@&#8203;');
}

/**
 * A name in Markdown as a code span, where nothing is markup. The fence is one backtick longer than any run inside.
 */
export function markdownName(name: string): string {
  const text = visible(name);
  if (text.trim() === '') return '` `';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return withoutCommands(`${fence}${pad}${text}${pad}${fence}`);
}

/**
 * Markdown as a table cell: GitHub splits cells at pipes before it looks at anything else, code included. An odd number
 * of backslashes holds, whether the splitter reads them in pairs or looks at the last one only.
 */
export function markdownCell(written: string): string {
  return written.replace(/(\\*)\|/g, (_, before: string) => `${before}${before.length % 2 === 0 ? '\\' : '\\\\'}|`);
}

/**
 * Text for an XML attribute or element, before the XML writer escapes `& < > "`: without the characters that XML 1.0
 * forbids even escaped, and without the end of a CDATA section.
 */
export function xmlText(text: string): string {
  return prose(text).replace(/]]>/g, ']] >').replace(RUNNER_COMMAND, '# #');
}

/**
 * The message of a GitHub workflow command. Escapes as the runner undoes them:
 * https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
 */
export function githubMessage(text: string): string {
  return text.split('\n').map(terminal).join('\n').replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** A property (title, file) of a GitHub workflow command: a comma or a colon would end it. */
export function githubProperty(text: string): string {
  return githubMessage(visible(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** One CSV field: quoted, and never a formula (a leading = + - @ gets an apostrophe, as spreadsheets expect). */
export function csvField(text: string): string {
  const shown = visible(text);
  const harmless = /^\s*[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return `"${harmless.replace(/"/g, '""')}"`;
}
