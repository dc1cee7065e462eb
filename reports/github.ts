/**
 * Annotations for GitHub Actions: workflow commands, one a line. GitHub keeps ten errors, ten warnings and ten notices
 * of a step, so the tenth of each says how many are left out.
 */
import type { RunResult, StageResult } from '../sim/result.ts';
import { availabilityText, duration, plural, rate } from './format.ts';
import type { ReportOptions } from './options.ts';
import { runOutcome, thresholdSentence } from './outcome.ts';
import { githubMessage, githubProperty, prose } from './safe.ts';

type Level = 'error' | 'warning' | 'notice';

interface Annotation {
  level: Level;
  title: string;
  message: string;
}

const KEPT_BY_GITHUB = 10;

export function renderGithub(result: RunResult, options: ReportOptions): string {
  const summary: Annotation = {
    level: 'notice',
    title: `Tenfold: ${prose(result.scenario.name)}`,
    message: `${runOutcome(result).word}: ${runOutcome(result).sentence}.\nReproduce: ${prose(result.replay)}`,
  };
  const all = [...violation(options), ...result.stages.flatMap(ofStage), summary];
  const levels: Level[] = ['error', 'warning', 'notice'];
  const lines = levels.flatMap((level) => atMost(all.filter((it) => it.level === level)));
  return `${lines.map((it) => command(it, options.path)).join('\n')}\n`;
}

function violation(options: ReportOptions): Annotation[] {
  if (options.violation === null) return [];
  const { stage, message } = options.violation;
  return [
    { level: 'error', title: `${prose(stage)}: a bug in Tenfold`, message: `An invariant broke: ${prose(message)}` },
  ];
}

function ofStage(stage: StageResult): Annotation[] {
  const name = prose(stage.name);
  const found: Annotation[] = stage.thresholds
    .filter((it) => it.verdict !== 'pass')
    .map((it) => ({
      level: stage.expected === 'break' ? 'notice' : it.verdict === 'fail' ? 'error' : 'warning',
      title: `${name}: ${prose(it.threshold)}`,
      // What is only uncertain did not break: its own sentence says it all.
      message: [prose(thresholdSentence(it)), it.verdict === 'fail' ? prose(stage.verdict.broke) : '']
        .filter((text) => text !== '')
        .join('\n'),
    }));
  if (stage.partial) {
    found.push({
      level: 'error',
      title: `${name}: partial`,
      message: 'The stage ended early by a limit or an interrupt; it does not pass.',
    });
  } else if (!stage.verdict.ok && found.length === 0) {
    found.push({
      level: 'error',
      title: `${name}: failed`,
      message: prose(stage.verdict.broke) || 'The stage did not hold.',
    });
  } else if (found.length === 0) {
    found.push({ level: 'notice', title: `${name}: held`, message: figures(stage) });
  }
  for (const warning of stage.warnings) found.push({ level: 'warning', title: name, message: prose(warning) });
  return found;
}

function figures(stage: StageResult): string {
  return (
    `${rate(stage.goodputPerSecond)}/s good of ${rate(stage.offeredPerSecond)}/s offered, p99 ${duration(stage.latencyMs.p99)}, ` +
    `availability ${availabilityText(stage.availability)}`
  );
}

/** The first nine and a count, where GitHub would keep ten and drop the rest unseen. The last one stays the last. */
function atMost(annotations: Annotation[]): Annotation[] {
  if (annotations.length <= KEPT_BY_GITHUB) return annotations;
  const isNotice = annotations[0]!.level === 'notice';
  const kept = annotations.slice(0, KEPT_BY_GITHUB - (isNotice ? 2 : 1));
  const last = isNotice ? annotations.slice(-1) : []; // the summary
  const left = annotations.length - kept.length - last.length;
  return [
    ...kept,
    {
      level: annotations[0]!.level,
      title: 'Tenfold',
      message: `${plural(left, 'annotation')} more; see the whole report`,
    },
    ...last,
  ];
}

function command(it: Annotation, path: string | null): string {
  const file = path === null ? '' : `file=${githubProperty(path)},`;
  return `::${it.level} ${file}title=${githubProperty(it.title)}::${githubMessage(it.message)}`;
}
