/**
 * Makes docs/scenarios.md: the hand-written introduction, then every key of the scenario language as its schema has it.
 *
 * `npm run docs` writes the page; a test fails when it is stale. So the page cannot say what the program does not do.
 */
import { readFileSync } from 'node:fs';
import { actorTypes } from '../sim/actors/registry.ts';
import { jsonSchema } from '../sim/index.ts';
import {
  COMPONENT_METRICS,
  FAILOVER_METRICS,
  type Metric,
  OPERATION_METRICS,
  STAGE_METRICS,
  typeMetrics,
} from '../sim/scenario/metrics.ts';
import { MACHINE_PRESETS } from '../sim/scenario/presets.ts';
import { stepOptions } from './docs/steps.ts';
import type { Field } from './docs/kinds.ts';
import { keyTable, markdownTable } from './docs/table.ts';

/** How limits of each unit are written. */
const UNITS: Record<Metric['unit'], string> = {
  ms: '[duration](#values)',
  ratio: '[per cent](#values)',
  perSecond: '[rate](#values)',
  count: '[count](#values)',
  money: '[price](#values)',
};

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The whole page. */
export function scenariosPage(): string {
  const schema = jsonSchema() as Field;
  const sections = [
    '<!-- Made by `npm run docs` from docs/scenarios.intro.md and the schema. Edit those, not this page. -->',
    read('docs/scenarios.intro.md').trim(),
    reference(schema),
  ];
  return `${sections.join('\n\n')}\n`;
}

function reference(schema: Field): string {
  const defs = schema.$defs ?? {};
  const top = schema.properties ?? {};
  const entry = (key: string): Field => top[key].additionalProperties as Field;
  return [
    '# Every key\n\nA key that is not listed is an error. One that would have no effect is an error, too, or a warning where another setting decides it.',
    section(
      'The file',
      keyTable(
        schema,
        defs,
        Object.keys(top).filter((key) => !['name', 'teaches', 'run', 'network'].includes(key)),
      ),
    ),
    section(
      'Stages',
      `${top.stages.description} Besides \`name\`, a stage may state anything that the file may.\n\n${stageHead(top.stages, defs, Object.keys(top))}`,
    ),
    section('Clients', `By name. ${top.clients.description}\n\n${keyTable(entry('clients'), defs)}`),
    section('Components', components(entry('components').anyOf ?? [entry('components')], defs)),
    section('Machines', machines(defs)),
    section('Steps', steps(defs)),
    section('Distributions', distributions(defs)),
    section(
      'Regions',
      `By name. Where components and users are, which say it with \`in\`: \`in: eu\` is a region, \`in: eu/a\` one of its zones.\n\n${keyTable(entry('regions'), defs)}`,
    ),
    section(
      'Links',
      `Named \`from -> to\`: components or populations, or two places.\n\n${keyTable(entry('links'), defs)}`,
    ),
    section(
      'Faults',
      `By name; each is one of crash, slow, delay, lose, partition. \`keep: true\` carries it to later stages.\n\n${keyTable(entry('faults'), defs)}`,
    ),
    section('Thresholds', thresholds()),
  ].join('\n\n');
}

const section = (title: string, body: string): string => `## ${title}\n\n${body}`;

/** Keys that only stages have, and their name. */
function stageHead(stages: Field, defs: Record<string, Field>, patched: string[]): string {
  const stage = stages.items as Field;
  return keyTable(
    stage,
    defs,
    patched.filter((key) => key !== 'name' && key !== 'teaches'),
  );
}

const COMMON = ['type', 'instances', 'machine', 'on', 'price'];

function components(types: Field[], defs: Record<string, Field>): string {
  const [first] = types;
  const common = { ...first, properties: Object.fromEntries(COMMON.map((key) => [key, first.properties![key]])) };
  common.properties.type = { type: 'string', enum: types.map(({ title }) => title ?? '') };
  const head = `By name. Every component has these keys (a cache and a database say by \`nodes\`, \`replicas\`, \`shards\` or \`quorum\` how many instances they have, instead of \`instances\`):\n\n${keyTable(common, defs)}`;
  return [head, ...types.map((type) => componentType(type, defs))].join('\n\n');
}

function componentType(type: Field, defs: Record<string, Field>): string {
  const actor = actorTypes.find((each) => each.type === type.title)!;
  const metrics = Object.entries(typeMetrics(actor.metrics)).map(([name, { unit }]) => `\`${name}\` (${UNITS[unit]})`);
  return [
    `### ${type.title}\n\n${type.description}`,
    keyTable(type, defs, COMMON),
    metrics.length === 0
      ? ''
      : `Metrics for thresholds, beside [those of every component](#thresholds): ${metrics.join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function machines(defs: Record<string, Field>): string {
  const map = defs.Machine.anyOf!.find(({ properties }) => properties !== undefined)!;
  const rows = [...MACHINE_PRESETS].map(([name, m]) => [
    `\`${name}\``,
    String(m.cores),
    `${m.memoryBytes / 2 ** 30}GiB`,
    `${Number(m.pricePerMonth.toFixed(2))}/month`,
  ]);
  const fields = {
    ...map,
    properties: { ...map.properties, preset: { type: 'string', description: 'One of the presets below.' } },
  };
  return [
    `${defs.Machine.description} Written as the name of a preset, or as a map:`,
    keyTable(fields, defs),
    `### Presets\n\n${presetsSource()}`,
    markdownTable(['Name', 'Cores', 'Memory', 'Price'], rows),
  ].join('\n\n');
}

/** What the file of the presets says of where its numbers come from. */
function presetsSource(): string {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(read('sim/scenario/presets.ts'))![1];
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \*? ?/, ''))
    .join('\n')
    .trim();
}

function steps(defs: Record<string, Field>): string {
  const all = defs[String((defs.Steps.items as Field).$ref).replace('#/$defs/', '')];
  const options = stepOptions();
  const pick = (keys: string[]): Field => ({
    ...all,
    properties: Object.fromEntries(keys.map((key) => [key, all.properties![key]])),
  });
  const verbs = [...options.keys()];
  const goesWith = new Map<string, string[]>();
  for (const [verb, list] of options)
    for (const option of list) goesWith.set(option, [...(goesWith.get(option) ?? []), verb]);
  const optionRows = [...goesWith].map(([option, with_]) => [
    `\`${option}\``,
    with_.map((verb) => `\`${verb}\``).join(', '),
  ]);
  return [
    `A list; each step has exactly one verb, and options that go with it.`,
    `### Verbs\n\n${keyTable(pick(verbs), defs)}`,
    `### Options\n\n${keyTable(pick([...goesWith.keys()]), defs)}`,
    markdownTable(['Option', 'Goes with'], optionRows),
  ].join('\n\n');
}

function distributions(defs: Record<string, Field>): string {
  const [constant, reference_] = defs.Distribution.anyOf!;
  const varying = defs[String(reference_.$ref).replace('#/$defs/', '')];
  return `A constant such as \`${constant.examples?.join()}\`, or a map with exactly one of:\n\n${keyTable(varying, defs)}`;
}

function thresholds(): string {
  const table = (metrics: Record<string, Metric>): string =>
    markdownTable(
      ['Metric', 'Form', 'Limit', 'Meaning'],
      Object.entries(metrics).map(([name, m]) => [
        `\`${name}\``,
        m.aggregated ? '`p(99)`, `mean` or `max`, then operator and limit' : 'operator and limit',
        UNITS[m.unit],
        m.description,
      ]),
    );
  return [
    'An expectation is a text, or a list of them: `[aggregate] operator limit`, for example `p(99) < 500ms` or `>= 99.9%`. Operators: `<` `<=` `>` `>=` `==` `!=`. A metric without data never passes. `keep: true` carries the thresholds of a stage to later ones.',
    `### Of a stage\n\n${table(STAGE_METRICS)}`,
    `### Of an operation: \`operations.<name>\`\n\n${table(OPERATION_METRICS)}`,
    `### Of a component: \`components.<name>\`\n\n${table(COMPONENT_METRICS)}`,
    `### Of faults: \`failover\`\n\nThe worst of all faults of the stage.\n\n${table(FAILOVER_METRICS)}`,
  ].join('\n\n');
}
