/**
 * The text of a scenario file → a scenario with every default filled in, or the problems that keep it from being one.
 */
import { checkStage } from './check.ts';
import type { ActorLike } from './component.ts';
import { directions, placeDirections, splitArrow } from './fields/links.ts';
import { regionSettings } from './fields/regions.ts';
import { sortedEntries } from './fields/scalar.ts';
import { canonicalJson, hash128 } from './hash.ts';
import { explain, type Finding, type Issue, translateAll, withAllowed } from './issues.ts';
import { placesNamed } from './places.ts';
import { problemAt } from './problem.ts';
import { type RawStage, stageHead, stageSchema } from './schema.ts';
import { applySettings, parseSetting, type Setting } from './set.ts';
import type { Problem, Scenario, StageSettings } from './settings.ts';
import { readSource } from './source/read.ts';
import { type MapNode, placeOf, plain } from './source/tree.ts';
import { resolveStages, type StageTree } from './stages.ts';

/** What the command line adds to a file. */
export interface ParseOptions {
  /** `path=value`, set in every stage after its patches. */
  sets?: readonly string[];
  /** Overrides `run.seed`. */
  seed?: string;
  /** Overrides `run.duration`, as written in a file: `30s`. */
  duration?: string;
}

export interface ParseResult {
  /** null when there is any error. */
  scenario: Scenario | null;
  /** In the order of the file. More than 20 errors are possible; see formatProblems. */
  problems: Problem[];
}

/** Findings whose hint is worth computing: only the first ones are ever shown. */
const HINTS = 40;

function settingsOf(options: ParseOptions): { settings: Setting[]; problems: Problem[] } {
  const stated: [string, string][] = (options.sets ?? []).map((text) => ['--set', text]);
  if (options.seed !== undefined) stated.push(['--seed', `run.seed=${JSON.stringify(options.seed)}`]);
  if (options.duration !== undefined) stated.push(['--duration', `run.duration=${JSON.stringify(options.duration)}`]);
  const read = stated.map(([option, text]) => parseSetting(text, option));
  return { settings: read.flatMap(({ setting }) => setting ?? []), problems: read.flatMap(({ problems }) => problems) };
}

function toProblems(findings: readonly Finding[], tree: MapNode): Problem[] {
  return findings.map((finding, index) =>
    problemAt(placeOf(tree, finding.path, finding.about), finding.message, index < HINTS ? finding.hint() : ''),
  );
}

/** The checked stage in the form that the compiler reads: lists sorted by name, links in both directions. */
function settle(
  raw: RawStage,
  head: Pick<StageSettings, 'name' | 'teaches' | 'expect'>,
  changes: string[],
): StageSettings {
  const { delay, connection, encodings } = raw.network;
  const regions = sortedEntries(raw.regions).map(([name, fields]) => regionSettings(name, fields));
  const isPlace = (name: string): boolean => placesNamed(regions, name).length > 0;
  const links = sortedEntries(raw.links);
  const between = ([name]: [string, unknown]): boolean => isPlace(splitArrow(name)?.from ?? '');
  const placeLinks = links.filter(between).flatMap(([name, fields]) => placeDirections(name, fields));
  return {
    ...head,
    changes,
    run: raw.run,
    networkDelay: delay,
    ...(connection === undefined ? {} : { connection }),
    ...(encodings === undefined ? {} : { encodings }),
    ...(regions.length === 0 ? {} : { regions }),
    ...(placeLinks.length === 0 ? {} : { placeLinks }),
    links: links
      .filter((link) => !between(link))
      .flatMap(([name, fields]) => directions(name, fields, regions.length === 0 ? delay : null)),
    clients: sortedEntries(raw.clients).map(([name, client]) => ({ name, ...client })),
    components: sortedEntries(raw.components).map(([name, component]) => ({
      name,
      ...(component as Omit<StageSettings['components'][number], 'name'>),
    })),
    faults: sortedEntries(raw.faults).map(([name, make]) => make(name, isPlace)),
    thresholds: raw.thresholds,
  };
}

/** A misspelt key of the file itself may have meant `stages`, and one of a stage what only stages have. */
function alsoOfFile(issue: Issue, { head }: StageTree, only: boolean): Issue {
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return issue;
  const isOfStage = !only && issue.keys.some((key) => head.entries.has(key));
  return { ...issue, message: withAllowed(issue.message, [isOfStage ? 'expect' : 'stages']) };
}

interface Checked {
  stage: StageSettings | null;
  problems: Problem[];
  raw: RawStage | null;
}

function checkOne(
  one: StageTree,
  only: boolean,
  schema: ReturnType<typeof stageSchema>,
  types: readonly ActorLike[],
): Checked {
  const value = plain(one.tree);
  const result = schema.safeParse(value, { error: explain });
  const head = only ? null : stageHead.safeParse(plain(one.head), { error: explain });
  const problems = [
    ...(result.success
      ? []
      : toProblems(
          translateAll(
            result.error.issues.map((issue) => alsoOfFile(issue, one, only)),
            value,
          ),
          one.tree,
        )),
    ...(head === null || head.success ? [] : toProblems(translateAll(head.error.issues, plain(one.head)), one.head)),
  ];
  if (!result.success || (head !== null && !head.success)) return { stage: null, problems, raw: null };
  const raw = result.data;
  const named =
    head === null ? { ...raw, expect: 'pass' as const } : { ...head.data, teaches: head.data.teaches ?? '' };
  const stage = settle(raw, { name: named.name, teaches: named.teaches, expect: named.expect }, one.changes);
  return { stage, problems: checkStage(stage, one.tree, types), raw };
}

/** The same problem of an inherited value shows in every stage; it is reported once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const kept = problems.filter((problem) => {
    const id = `${problem.file}:${problem.line}:${problem.column}:${problem.message}`;
    return seen.has(id) ? false : seen.add(id) !== undefined;
  });
  const rank = (problem: Problem): number => (problem.file.startsWith('--') ? 1 : 0);
  return kept.sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

function checkStageNames(stages: readonly StageTree[], names: readonly (string | null)[]): Problem[] {
  return names.flatMap((name, index) => {
    if (name === null || names.indexOf(name) === index) return [];
    return [
      problemAt(placeOf(stages[index].head, ['name']), `two stages are named \`${name}\``, 'names tell stages apart'),
    ];
  });
}

const baseName = (file: string): string => file.split(/[/\\]/).pop() ?? file;

const failed = (problems: readonly Problem[]): ParseResult => ({ scenario: null, problems: distinct(problems) });

/**
 * Parses, merges, validates and checks a scenario. `file` is shown in problems as it is; the scenario keeps its base
 * name. Never throws for bad input.
 */
export function parseScenario(
  text: string,
  file: string,
  types: readonly ActorLike[],
  options: ParseOptions = {},
): ParseResult {
  const read = readSource(text, file);
  const { settings, problems: wrongOptions } = settingsOf(options);
  if (read.root === null || wrongOptions.length > 0) return failed([...read.problems, ...wrongOptions]);
  const resolved = resolveStages(read.root);
  const problems = [...resolved.problems];
  const stages = resolved.stages.map((stage) => {
    const applied = applySettings(stage.tree, settings);
    problems.push(...applied.problems);
    return { ...stage, tree: applied.root };
  });
  const schema = stageSchema(types);
  const only = !read.root.entries.has('stages');
  const checked = stages.map((stage) => checkOne(stage, only, schema, types));
  problems.push(...checked.flatMap((each) => each.problems));
  problems.push(
    ...checkStageNames(
      stages,
      checked.map((each) => each.stage?.name ?? null),
    ),
  );
  const all = distinct(problems);
  const raw = checked[0]?.raw;
  if (raw === undefined || raw === null || all.some((problem) => problem.severity === 'error'))
    return { scenario: null, problems: all };
  const list = checked.map((each) => each.stage as StageSettings);
  const scenario = { name: raw.name, teaches: raw.teaches, stages: list };
  return { scenario: { ...scenario, file: baseName(file), hash: hashOf(scenario) }, problems: all };
}

/** Of what is simulated and what it is called; not of the phrases that describe the patches. */
function hashOf(scenario: { name: string; teaches: string; stages: StageSettings[] }): string {
  return hash128(
    canonicalJson({ ...scenario, stages: scenario.stages.map(({ changes: _changes, ...stage }) => stage) }),
  );
}
