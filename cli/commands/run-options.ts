/** The options of `tenfold run`: their words for the help, and their strict reading. */
import { availableParallelism, totalmem } from 'node:os';
import type { Argv } from 'yargs';
import { REPORT_KINDS, type ReportKind, type Verbosity } from '../../reports/index.ts';
import { ExitCode, Failure } from '../exit.ts';
import { printable } from '../terminal/printable.ts';

/** One report: its kind, and its file or null for standard output. */
export interface Reporter {
  kind: ReportKind;
  file: string | null;
}

export interface RunOptions {
  stages: string[];
  seed: string | undefined;
  duration: string | undefined;
  set: string[];
  replications: number;
  workers: number;
  reporters: Reporter[];
  /** File of the replay page; null: none. */
  replay: string | null;
  /** Show that page in the browser. */
  open: boolean;
  verbosity: Verbosity;
  check: boolean;
  doublecheck: boolean;
  quiet: boolean;
  allowInconclusive: boolean;
  eventLimit: number;
  memoryLimitBytes: number;
}

/** Half an hour to a few hours of computing; a scenario that needs more is more likely a slip of units. */
const defaultEventLimit = 10_000_000_000;

const group = { what: 'What to simulate:', how: 'How:', report: 'What to report:' };

/** Declares the options on a yargs command. Values are read as text and checked by `readRunOptions`. */
export function declareRunOptions<T>(args: Argv<T>) {
  return args
    .options({
      stage: {
        type: 'string',
        array: true,
        requiresArg: true,
        group: group.what,
        describe: 'only this stage (repeatable)',
      },
      seed: { type: 'string', requiresArg: true, group: group.what, describe: 'another seed' },
      duration: {
        type: 'string',
        requiresArg: true,
        group: group.what,
        describe: 'another length of the window, e.g. 30s',
      },
      set: {
        type: 'string',
        array: true,
        requiresArg: true,
        group: group.what,
        describe: 'change a setting, e.g. components.app.instances=3 (repeatable)',
      },
      replications: {
        type: 'string',
        requiresArg: true,
        group: group.what,
        describe: 'repeat with N seeds and pool [1]',
      },
    })
    .options({
      workers: {
        type: 'string',
        requiresArg: true,
        group: group.how,
        describe: 'threads [as many as there are cores]',
      },
      check: { type: 'boolean', group: group.how, describe: 'check the expensive invariants too' },
      doublecheck: { type: 'boolean', group: group.how, describe: 'run twice side by side and compare' },
      'event-limit': {
        type: 'string',
        requiresArg: true,
        group: group.how,
        describe: 'most events of one stage [1e10]',
      },
      'memory-limit-mib': {
        type: 'string',
        requiresArg: true,
        group: group.how,
        describe: 'most memory [3/4 of the machine, at most 4096]',
      },
    })
    .options({
      reporter: {
        type: 'string',
        array: true,
        requiresArg: true,
        group: group.report,
        describe: `${REPORT_KINDS.join('|')}, to a file with json=out.json (repeatable)`,
      },
      replay: {
        type: 'string',
        requiresArg: true,
        group: group.report,
        describe: 'write a page to watch the run on, one HTML file',
      },
      open: { type: 'boolean', group: group.report, describe: 'open that page in the browser' },
      verbosity: {
        choices: ['brief', 'normal', 'full'] as const,
        group: group.report,
        describe: 'how much the text says',
      },
      quiet: { type: 'boolean', group: group.report, describe: 'no progress, no text report' },
      'allow-inconclusive': {
        type: 'boolean',
        group: group.report,
        describe: 'a threshold that cannot be decided does not fail the run',
      },
    });
}

/** What yargs hands over: text where a value was given, lists where it may be repeated. */
export interface RawRunOptions {
  stage?: string[];
  seed?: string;
  duration?: string;
  set?: string[];
  replications?: string;
  workers?: string;
  reporter?: string[];
  replay?: string;
  open?: boolean;
  verbosity?: Verbosity;
  check?: boolean;
  doublecheck?: boolean;
  quiet?: boolean;
  'allow-inconclusive'?: boolean;
  'event-limit'?: string;
  'memory-limit-mib'?: string;
}

/** Reads and checks the options. Throws a Failure (2) that names the option. */
export function readRunOptions(raw: RawRunOptions): RunOptions {
  for (const [name, value] of Object.entries(raw)) {
    if (Array.isArray(value) && !['stage', 'set', 'reporter', 'files', '_'].includes(name)) {
      throw new Failure(ExitCode.usage, `--${name} may be given only once`);
    }
  }
  const memoryMib = count('memory-limit-mib', raw['memory-limit-mib'], 1_048_576) ?? defaultMemoryMib();
  return {
    stages: raw.stage ?? [],
    seed: raw.seed,
    duration: raw.duration,
    set: raw.set ?? [],
    replications: count('replications', raw.replications, 10_000) ?? 1,
    workers: count('workers', raw.workers, 256) ?? availableParallelism(),
    reporters: readReporters(raw.reporter ?? [], raw.quiet ?? false),
    replay: readReplay(raw),
    open: raw.open ?? false,
    verbosity: raw.verbosity ?? 'normal',
    check: raw.check ?? false,
    doublecheck: raw.doublecheck ?? false,
    quiet: raw.quiet ?? false,
    allowInconclusive: raw['allow-inconclusive'] ?? false,
    eventLimit: count('event-limit', written(raw['event-limit']), Number.MAX_SAFE_INTEGER) ?? defaultEventLimit,
    memoryLimitBytes: memoryMib * 2 ** 20,
  };
}

/** 1e10, as the help has it, with its zeros written out; any other text as it is. */
function written(text: string | undefined): string | undefined {
  const value = /^\d+(\.\d+)?e\d{1,2}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? String(value) : text;
}

/** A whole number from 1 to `most`; undefined when the option was not given. */
function count(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw new Failure(ExitCode.usage, `--${name} takes a whole number from 1 to ${most}, not "${printable(text)}"`);
}

/** constrainedMemory() knows of a container's limit; it answers 0 or an absurd number where there is none. */
function defaultMemoryMib(): number {
  const constrained = process.constrainedMemory();
  const available = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.min(4096, Math.floor((0.75 * available) / 2 ** 20));
}

function readReplay({ replay, open }: RawRunOptions): string | null {
  if (replay === '') throw new Failure(ExitCode.usage, '--replay lacks the name of a file');
  if (open && replay === undefined) throw new Failure(ExitCode.usage, '--open needs a page: --replay FILE');
  return replay ?? null;
}

function readReporters(words: readonly string[], quiet: boolean): Reporter[] {
  const reporters = words.map(readReporter);
  const onStdout = reporters.filter(({ file }) => file === null);
  const documents = onStdout.filter(({ kind }) => kind !== 'text' && kind !== 'github');
  if (documents.length > 0 && onStdout.length > 1) {
    const kind = documents[0].kind;
    throw new Failure(
      ExitCode.usage,
      `the ${kind} report must have standard output to itself; give the others a file, e.g. --reporter ${kind}=FILE`,
    );
  }
  const files = reporters.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new Failure(ExitCode.usage, `two reports would be written to ${printable(twice)}`);
  // A report into a file does not take the place of the one for the person who waits.
  return onStdout.length === 0 && !quiet ? [{ kind: 'text', file: null }, ...reporters] : reporters;
}

function readReporter(word: string): Reporter {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(word)!;
  const kind = REPORT_KINDS.find((known) => known === name);
  if (!kind) {
    const known = REPORT_KINDS.join(', ');
    throw new Failure(ExitCode.usage, `there is no reporter "${printable(name)}"; there are ${known}`);
  }
  if (file === '') throw new Failure(ExitCode.usage, `--reporter ${kind}= lacks the name of a file`);
  return { kind, file: file ?? null };
}
