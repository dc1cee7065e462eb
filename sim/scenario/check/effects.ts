/**
 * Settings that would be accepted and change nothing: said before the run, because a reader takes them for granted.
 */
import { splitArrow } from '../fields/links.ts';
import { nodeAt } from '../source/tree.ts';
import type { QueueSettings } from '../settings.ts';
import type { Context } from './context.ts';
import { isPlace } from './places.ts';

/** What a row's flags have room for. */
const MOST_PRIORITIES = 8;

export function checkEffects(context: Context): void {
  checkPairs(context);
  checkPriorities(context);
}

/** Links, and faults of links, between two that never talk to each other. */
function checkPairs(context: Context): void {
  const calls = callsOf(context);
  const talk = (a: string, b: string): boolean => calls.get(a)?.has(b) === true || isCluster(context, a, b);
  const links = nodeAt(context.tree, ['links']);
  for (const [name, { value }] of links?.kind === 'map' ? links.entries : []) {
    const ends = splitArrow(name);
    if (ends === null || talk(ends.from, ends.to) || isPlace(context, ends.from)) continue;
    const oneWay = nodeAt(value, ['one-way']);
    const both = !(oneWay?.kind === 'scalar' && oneWay.value === true);
    if (both && talk(ends.to, ends.from)) continue;
    warnOfPair(context, ['links', name], ends.from, ends.to, calls, 'key');
  }
  for (const fault of context.stage.faults) {
    if (fault.kind !== 'delay' && fault.kind !== 'lose') continue;
    if (talk(fault.from, fault.to) || talk(fault.to, fault.from) || isPlace(context, fault.from)) continue;
    warnOfPair(context, ['faults', fault.name, fault.kind], fault.from, fault.to, calls, 'value');
  }
}

function warnOfPair(
  context: Context,
  path: (string | number)[],
  from: string,
  to: string,
  calls: ReadonlyMap<string, ReadonlySet<string>>,
  about: 'key' | 'value',
): void {
  const others = [...(calls.get(from) ?? [])];
  const hint = others.length === 0 ? `\`${from}\` calls nobody` : `\`${from}\` calls ${others.join(', ')}`;
  context.report(path, `no call goes from \`${from}\` to \`${to}\`, so this has no effect`, hint, 'warning', about);
}

/** Whom each population and component sends requests to: those behind a name are called by whoever looked it up. */
function callsOf(context: Context): Map<string, Set<string>> {
  const calls = new Map<string, Set<string>>();
  const reached = (name: string): string[] => {
    const component = context.component(name);
    const told = component === null ? undefined : context.typeOf(component)?.tells?.(component.own);
    return [name, ...(told ?? [])];
  };
  for (const client of context.stage.clients) calls.set(client.name, new Set(reached(client.entry)));
  for (const component of context.stage.components) {
    const named = context.references(component).map(({ name }) => name);
    calls.set(component.name, new Set(named.flatMap(reached)));
  }
  return calls;
}

/** Nodes of one component that have a lot to say to each other: replicas, copies. */
function isCluster(context: Context, a: string, b: string): boolean {
  const component = context.component(a);
  return a === b && component !== null && context.typeOf(component)?.nodes !== undefined;
}

interface Ranked {
  priority: number;
  path: (string | number)[];
}

/** Priorities where nobody looks at them, or more different ones than there can be. */
function checkPriorities(context: Context): void {
  const { clients, components } = context.stage;
  const stated: Ranked[] = [
    ...clients.map(({ name, priority }) => ({ priority, path: ['clients', name, 'priority'] })),
    ...components.flatMap(({ name, own }) =>
      ((own as { priorities?: { operation: string; priority: number }[] }).priorities ?? []).map((each) => ({
        priority: each.priority,
        path: ['components', name, 'priorities', each.operation],
      })),
    ),
  ];
  const different = new Set(stated.map(({ priority }) => priority));
  const last = stated.find(({ priority }) => priority === Math.max(...different));
  if (different.size > MOST_PRIORITIES && last !== undefined)
    context.report(last.path, `${different.size} different priorities are too many`, `at most ${MOST_PRIORITIES}`);
  const isUsed = components.some(({ own }) => (own as { queue?: QueueSettings }).queue?.discipline === 'priority');
  const first = stated.find(({ priority, path }) => priority !== 0 || path[0] === 'components');
  if (isUsed || first === undefined) return;
  const hint = 'write queue: { discipline: priority } where requests wait';
  context.report(first.path, 'no queue has the discipline priority, so this has no effect', hint, 'warning');
}
