/**
 * Steps and operations: that targets serve the verb, that operations exist, and that no call comes back to itself.
 */
import { nearest } from '../nearest.ts';
import type { CallingStep } from '../steps.ts';
import type { Context, Operation } from './context.ts';

/** What a target must serve for a verb. */
const served = (verb: CallingStep['verb']): string => (verb === 'call' ? 'named' : verb);

/** Steps of one operation, each copy and repetition counted: bounds the program it compiles to. */
const MOST_STEPS = 100_000;

/** `read` of a cache, `call` of a database, a call to oneself, a call of an unknown operation. */
export function checkSteps(context: Context): void {
  for (const component of context.stage.components) {
    for (const operation of context.operationsOf(component.name)) {
      checkLength(context, component.name, operation);
      for (const { step, path } of operation.calls) {
        checkStep(context, component.name, operation.name, step, ['components', component.name, ...path]);
      }
    }
  }
}

function checkLength(context: Context, component: string, { name, written }: Operation): void {
  if (written <= MOST_STEPS) return;
  context.report(
    ['components', component, 'operations', name],
    `\`${name}\` has ${written} steps with all that is repeated written out`,
    `at most ${MOST_STEPS}; one step that takes longer stands for many short ones`,
  );
}

function checkStep(
  context: Context,
  caller: string,
  operation: string,
  step: CallingStep,
  path: (string | number)[],
): void {
  const target = context.component(step.target);
  if (target === null) return;
  if (step.target === caller) {
    context.report(path, `\`${caller}\` calls itself`, 'put the steps of the other operation here instead');
    return;
  }
  const serves = context.typeOf(target)?.serves ?? [];
  if (!serves.includes(served(step.verb))) {
    const words = serves.map((each) => (each === 'named' ? 'call' : each));
    context.report(
      path,
      `\`${step.verb}\` does not go with \`${step.target}\`, a ${target.type}`,
      words.length === 0 ? '' : `a ${target.type} serves ${words.join(', ')}`,
    );
    return;
  }
  if (step.verb === 'publish') {
    const wrong = context.typeOf(target)?.accepts?.(target.own, step) ?? null;
    const at = wrong === null ? path : [...path.slice(0, -1), wrong.option];
    if (wrong !== null) context.report(at, wrong.message, wrong.hint ?? '');
  }
  if (step.verb !== 'call') return;
  const wanted = step.op ?? operation;
  const offered = context.offered(step.target);
  if (offered === null || offered.includes(wanted)) return;
  const at = step.op === null ? path : [...path.slice(0, -1), 'op'];
  const because = step.op === null ? 'without `op`, the operation of the same name is called; ' : '';
  context.report(at, `\`${step.target}\` has no operation \`${wanted}\``, because + nearest(wanted, offered));
}

/** What populations do must be offered by their entry. */
export function checkDoes(context: Context): void {
  for (const client of context.stage.clients) {
    const entry = context.component(client.entry);
    if (entry === null) continue;
    const at = ['clients', client.name];
    if (!context.typeOf(entry)?.serves.includes('named')) {
      context.report(
        [...at, 'entry'],
        `\`${client.entry}\`, a ${entry.type}, answers no operations`,
        'enter through a server or a balancer',
      );
      continue;
    }
    const offered = context.offered(client.entry);
    if (offered === null) continue;
    for (const { operation } of client.does) {
      if (offered.includes(operation)) continue;
      const path = [...at, 'does', operation];
      context.report(
        path,
        `\`${client.entry}\` has no operation \`${operation}\``,
        nearest(operation, offered),
        'error',
        'key',
      );
    }
  }
}

interface Edge {
  to: { component: string; operation: string };
  path: (string | number)[];
}

/** Where a request for an operation goes on to, synchronously. */
function edges(context: Context, name: string, operation: string): Edge[] {
  const own = context.operationsOf(name);
  if (own.length > 0) {
    const calls = own.find((each) => each.name === operation)?.calls ?? [];
    return calls
      .filter(({ step }) => step.verb === 'call' && step.target !== name)
      .map(({ step, path }) => ({
        to: { component: step.target, operation: (step.verb === 'call' ? step.op : null) ?? operation },
        path: ['components', name, ...path],
      }));
  }
  const component = context.component(name);
  if (component === null || !context.typeOf(component)?.serves.includes('named')) return [];
  return context
    .passedOnTo(component)
    .map((each) => ({ to: { component: each.name, operation }, path: ['components', name, ...each.path] }));
}

/** Calls that come back to where they began would never end. Each cycle is reported once, at the call that closes it. */
export function checkCycles(context: Context): void {
  const done = new Set<string>();
  const trail: string[] = [];
  const label = (name: string, operation: string): string =>
    context.operationsOf(name).length > 0 ? `${name}.${operation}` : name;
  const visit = (name: string, operation: string): void => {
    const id = label(name, operation);
    trail.push(id);
    for (const edge of edges(context, name, operation)) {
      const next = label(edge.to.component, edge.to.operation);
      const start = trail.indexOf(next);
      if (start >= 0) {
        context.report(
          edge.path,
          `this call never ends: ${[...trail.slice(start), next].join(' → ')}`,
          'a synchronous call must not come back to where it began',
        );
      } else if (!done.has(`${next} ${edge.to.operation}`) && trail.length < 500)
        visit(edge.to.component, edge.to.operation);
    }
    trail.pop();
    done.add(`${id} ${operation}`);
  };
  const entries = context.stage.components.flatMap((component) =>
    context.operationsOf(component.name).map((each) => [component.name, each.name] as const),
  );
  const starts = context.stage.clients.flatMap((client) =>
    client.does.map((each) => [client.entry, each.operation] as const),
  );
  for (const [name, operation] of [...starts, ...entries]) {
    if (!done.has(`${label(name, operation)} ${operation}`)) visit(name, operation);
  }
}
