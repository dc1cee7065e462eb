/**
 * The commands and their arguments. What a command does is carried out after all arguments are read; whatever it throws
 * comes back here and becomes one message on stderr.
 */
import { setFlagsFromString } from 'node:v8';
import yargs, { type Argv } from 'yargs';
import { bench } from './commands/bench.ts';
import { list } from './commands/list.ts';
import { nameOf, replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { declareRunOptions } from './commands/run-options.ts';
import { schema } from './commands/schema.ts';
import { serve } from './commands/serve.ts';
import { show } from './commands/show.ts';
import { validate } from './commands/validate.ts';
import { ExitCode, Failure } from './exit.ts';
import { mainScenario } from './files/shipped.ts';
import { defaultPage } from './replay/output.ts';
import { heedBranchHints, LimitError, version } from './simulator.ts';
import { printable } from './terminal/printable.ts';
import { holdStreams, note, say } from './terminal/streams.ts';

/** What a command line asks for; answers the exit code. */
type Job = () => number | Promise<number>;

/** Carries out one command line (without `node` and the script) and answers the exit code. Never rejects. */
export async function main(args: readonly string[]): Promise<number> {
  holdStreams();
  heedBranchHints(process.versions.v8, setFlagsFromString);
  let job: Job = () => ExitCode.ok; // for --help and --version, which yargs answers itself
  try {
    refuseStandardInput(args);
    // The handlers only say what to do. yargs renders the help before it awaits one that does it, 40 ms for nothing.
    await commands(withDefaultCommand(args), (wanted) => {
      job = wanted;
    }).parseAsync();
    return await job();
  } catch (error) {
    return explain(error);
  }
}

const commandNames = ['run', 'validate', 'replay', 'bench', 'list', 'show', 'schema', 'serve', 'completion'];

/**
 * No command means the main scenario and its replay, with options or without. (A default command of yargs would do the same, but then
 * a misspelt command is an unknown argument of it, and nobody is told the right one.)
 */
function withDefaultCommand(args: readonly string[]): readonly string[] {
  const isAboutTenfold = args.some((arg) => ['--help', '-h', '--version', '--get-yargs-completions'].includes(arg));
  const hasCommand = args.some((arg) => commandNames.includes(arg)) || (args.length > 0 && !args[0].startsWith('-'));
  if (isAboutTenfold || hasCommand) return args;
  const isReplayed = args.some((arg) => arg === '--replay' || arg.startsWith('--replay='));
  const page = isReplayed ? null : defaultPage(nameOf(mainScenario));
  return ['run', mainScenario, ...(page === null ? [] : ['--replay', page]), ...args];
}

/** yargs drops a lone dash: a pipe into `tenfold run -` would be as good as passed, whatever it brings. */
function refuseStandardInput(args: readonly string[]): void {
  if (args.some((arg, i) => arg === '-' && !args[i - 1]?.startsWith('-'))) throw notFromStandardInput();
}

/** The files that are named, one at least: behind an option that takes no value, too, a dash is none. */
function named(files: readonly string[]): readonly string[] {
  if (files.length === 0) throw notFromStandardInput();
  return files;
}

function notFromStandardInput(): Failure {
  const why = 'a report says how to run it again, which needs a file';
  return new Failure(ExitCode.usage, `scenarios are not read from standard input (-): ${why}; name one`);
}

function commands(args: readonly string[], ask: (job: Job) => void): Argv {
  const program = yargs([...args])
    .scriptName('tenfold')
    .usage(
      '$0 [command]\n\nSimulates a distributed system request by request. Without a command: the progression from 100 to a million users.',
    )
    .parserConfiguration({
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'camel-case-expansion': false,
    })
    .locale('en')
    .version(version)
    .help()
    .alias('help', 'h')
    .demandCommand(1, 1, 'name a command')
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .epilogue(
      'Exit codes: 0 good, 2 usage or scenario, 4 limit, 5 file, 70 bug, 99 threshold failed, 130 / 143 interrupted',
    )
    .fail((message, error) => {
      throw error ?? new Failure(ExitCode.usage, message);
    });
  declareSimulation(program, ask);
  declareInformation(program, ask);
  return program.completion('completion', 'print a script that completes commands in bash or zsh') as Argv;
}

function declareSimulation(program: Argv, ask: (job: Job) => void): void {
  program
    .command(
      'run <files..>',
      'simulate and report',
      (args) =>
        declareRunOptions(args).positional('files', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'scenario files',
        }),
      (argv) => ask(() => run(named(argv.files), argv)),
    )
    .command(
      'validate <files..>',
      'check only, and say what would be simulated',
      (args) =>
        args
          .positional('files', { type: 'string', array: true, demandOption: true, describe: 'scenario files' })
          .option('set', { type: 'string', array: true, requiresArg: true, describe: 'change a setting (repeatable)' }),
      (argv) => ask(() => validate(named(argv.files), { set: argv.set ?? [] })),
    )
    .command(
      'replay <files..>',
      'simulate, and write a page to watch the run on; of two scenarios, side by side',
      (args) =>
        declareRunOptions(args)
          .positional('files', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'a scenario file, or two to compare',
          })
          .hide('replay')
          .option('out', {
            alias: 'o',
            type: 'string',
            requiresArg: true,
            describe: 'file of the page [replays/NAME.html]',
          }),
      (argv) => ask(() => replay(named(argv.files), argv)),
    )
    .command(
      'bench',
      'measure the speed of the simulator',
      (args) =>
        args
          .option('reporter', { choices: ['text', 'json'] as const, default: 'text' as const })
          .option('million', { type: 'boolean', default: false, describe: 'a million users as well, for minutes' }),
      (argv) => ask(() => bench(['--reporter', argv.reporter, ...(argv.million ? ['--million'] : [])])),
    );
}

function declareInformation(program: Argv, ask: (job: Job) => void): void {
  program
    .command('list', 'the shipped scenarios', {}, () => ask(list))
    .command(
      'show <name>',
      'what a scenario teaches; with --stage, that stage as a file of its own',
      (args) =>
        args
          .positional('name', { type: 'string', demandOption: true, describe: 'a shipped scenario or a file' })
          .option('stage', { type: 'string', requiresArg: true, describe: 'name of a stage' })
          .option('defaults', {
            type: 'boolean',
            default: false,
            describe: 'of a stage, all that holds in it, in base units',
          }),
      (argv) => ask(() => show(argv.name, argv.stage, argv.defaults)),
    )
    .command(
      'serve',
      'the playground: change a scenario in the browser and see it run',
      (args) =>
        args.option('port', { type: 'string', requiresArg: true, describe: 'on 127.0.0.1; 0: any free one [8321]' }),
      (argv) => ask(() => serve(argv)),
    )
    .command('schema', 'the JSON Schema of scenario files', {}, () => ask(schema));
}

function explain(error: unknown): number {
  if (error instanceof Failure) {
    // The problems of a scenario come with file, line and column; the program's name before them would be in the way.
    if (error.exitCode === ExitCode.usage && /^\S.*:\d+:\d+/.test(error.message)) note(error.message);
    else say(error.message);
    return error.exitCode;
  }
  if (error instanceof LimitError) {
    say(`a limit was hit: ${printable(error.message)}`);
    return ExitCode.limit;
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (name === 'YError') {
    say(message);
    return ExitCode.usage;
  }
  say(`a bug in Tenfold: ${printable(message)}`);
  if (process.env.TENFOLD_DEBUG) note(stack ?? '');
  return ExitCode.bug;
}
