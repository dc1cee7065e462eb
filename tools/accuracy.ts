/**
 * Makes docs/accuracy.md from what the tests of test/truth have just found: `npm run accuracy`.
 *
 * Runs around these tests (vitest's global set-up): before them dist/ is made fresh and old findings go; after a
 * complete run the page is written if `--update` was given, else it is said when it no longer fits.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import type { Found, FoundCase } from '../test/truth/harness.ts';
import freshDist from './fresh-dist.ts';

const root = new URL('..', import.meta.url);
const page = new URL('docs/accuracy.md', root);
const findings = new URL('.cache/truth/', root);

/** File of findings → heading, in the order of the page. */
const FAMILIES = [
  ['stations', 'One station'],
  ['disciplines', 'Sharing, order, loss, impatience, breakdown'],
  ['networks', 'Networks'],
  ['loadbalancing', 'Load balancing'],
  ['cache', 'Caches'],
  ['retries', 'Retries and tails'],
  ['replication', 'Replication, failover, autoscaling'],
  ['edge', 'Names and content delivery'],
  ['queues-kafka', 'Logs'],
] as const;

export default function setup(project: TestProject): () => void {
  freshDist();
  rmSync(findings, { recursive: true, force: true });
  return () => {
    const text = accuracyPage();
    if (text === null) return;
    if (project.config.snapshotOptions.updateSnapshot === 'all') writeFileSync(page, text);
    else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
      process.stderr.write('docs/accuracy.md does not say what was just found: npm run accuracy\n');
    }
  };
}

/** The whole page; null when not all families have just been run. */
function accuracyPage(): string | null {
  const families = FAMILIES.map(([name, heading]) => ({ heading, cases: readFindings(name) }));
  if (families.some(({ cases }) => cases === null)) return null;
  const all = families.flatMap(({ cases }) => cases as FoundCase[]);
  const figures = all.flatMap((each) => each.figures);
  const held = figures.filter((figure) => figure.holds).length;
  return `${[
    introduction(all.length, figures.length, held),
    ...families.map(({ heading, cases }) => `## ${heading}\n\n${familyTable(cases as FoundCase[])}`),
    `## Sources and remarks\n\n${all.map(remark).join('\n')}`,
    `## Cases that are not used\n\n${notUsedTable()}`,
  ].join('\n\n')}\n`;
}

function readFindings(name: string): FoundCase[] | null {
  const file = new URL(`${name}.json`, findings);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FoundCase[]) : null;
}

const introduction = (
  cases: number,
  figures: number,
  held: number,
): string => `<!-- Made by \`npm run accuracy\` from the runs of test/truth. -->

# Accuracy

What Tenfold computes, beside what is known: closed formulas, published tables, and (where there is neither) simulations
by others. ${cases} cases, ${figures} figures, of which ${held} hold.

Nobody chose the numbers or the seeds. Cases with their parameters, sources and tolerances are in
[test/truth/cases](../test/truth/cases); each is stated as a scenario file in
[test/truth/scenarios](../test/truth/scenarios) and run as anybody would run it, with seeds 1 to 10 and up to ten
replications of each. The estimate is their mean, the standard error (SE) comes from their spread. A figure **holds**
when it is off by no more than the tolerance *and* by no more than four standard errors. Run lengths are such that the
standard error is about a third of the tolerance or less; figures of a case that would need runs ten times as long (far
percentiles at high load) are left out. Percentiles are read from a histogram whose buckets are up to 0.8 % wide; their
standard error includes that.

Requests that begin before the window or end after it are in no latency. In a window W that leaves out a share of about
latency ÷ W of them, the longer ones first; windows here are long enough for that not to matter.

Values are in the unit of the case. *off* is the difference as a share of the tolerance.`;

function familyTable(cases: FoundCase[]): string {
  const rows = cases.flatMap((each) =>
    each.figures.map((figure, i) => row(i === 0 ? `**${each.id}** ${cell(each.description)}` : '', figure)),
  );
  return [
    '| case | figure | known | simulated | SE | tolerance ± | off | |',
    '|---|---|--:|--:|--:|--:|--:|---|',
    ...rows,
  ].join('\n');
}

function row(name: string, found: Found): string {
  const { figure, expected, estimate, standardError, tolerance, reference, holds } = found;
  const off = Math.abs(estimate - expected);
  const share = tolerance === 0 ? (off === 0 ? '0 %' : '∞') : `${Math.round((off / tolerance) * 100)} %`;
  const known = reference === 'exact' ? number(expected) : `${number(expected)} (sim.)`;
  const values = [known, number(estimate), number(standardError, 2), number(tolerance, 2), share];
  return `| ${name} | \`${figure.replace(/^(crosscheck_independent_sim|closed_form)\./, '')}\` | ${values.join(' | ')} | ${holds ? 'holds' : '**off**'} |`;
}

/** Significant digits, without an exponent as far as that can be read. */
function number(value: number, digits = 4): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  return Math.abs(rounded) >= 1e-5 ? String(rounded) : rounded.toExponential();
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function remark({ id, source, scenario, note }: FoundCase): string {
  const said = note === '' ? '' : ` ${note}`;
  return `- **${id}** ([${scenario}](../test/truth/scenarios/${scenario})):${said} Source: ${source}`;
}

function notUsedTable(): string {
  const text = readFileSync(new URL('test/truth/not-used.json', root), 'utf8');
  const list = JSON.parse(text) as { ids: string[]; what: string; why: string }[];
  return [
    '| cases | what | why not |',
    '|---|---|---|',
    ...list.map(({ ids, what, why }) => `| ${ids.join(', ')} | ${cell(what)} | ${cell(why)} |`),
  ].join('\n');
}
