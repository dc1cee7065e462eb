/** Caches that are asked and never told: a miss stays a miss. */
import type { CallingStep } from '../steps.ts';
import type { Context, Operation } from './context.ts';

/** What a cache's own settings say of it, as far as it matters here. */
interface CacheLike {
  hits: number | null;
  coalesce: object | null;
}

export function checkCaches(context: Context): void {
  for (const { name } of context.stage.components)
    for (const operation of context.operationsOf(name))
      for (const { step, path } of operation.calls)
        if (step.verb === 'get') checkGet(context, operation, step, ['components', name, ...path]);
}

type Get = Extract<CallingStep, { verb: 'get' }>;

function checkGet(context: Context, operation: Operation, step: Get, path: (string | number)[]): void {
  const cache = step.target;
  const target = context.component(cache);
  // With an assumed hit ratio it does not matter what is stored.
  if (target?.type !== 'cache' || (target.own as CacheLike).hits !== null) return;
  const leases = (target.own as CacheLike).coalesce !== null;
  if (isSetBy(operation, cache) || isFilled(context, operation, cache, leases)) return;
  const message = leases
    ? `nobody sets what is not in \`${cache}\`: with \`coalesce\`, all others who ask for it wait for that`
    : `nothing is ever set in \`${cache}\`, so every \`get\` is a miss`;
  context.report(path, message, `write miss: [ …, { set: ${cache} } ]`, 'warning');
}

const isSetBy = ({ calls }: Operation, cache: string): boolean =>
  calls.some(({ step }) => step.verb === 'set' && step.target === cache);

/** Does another operation set it? A lease is only given back by somebody whom this one calls. */
function isFilled(context: Context, { calls }: Operation, cache: string, leases: boolean): boolean {
  const others = leases ? calls.map(({ step }) => step.target) : context.componentNames;
  return others.some((name) => context.operationsOf(name).some((other) => isSetBy(other, cache)));
}
