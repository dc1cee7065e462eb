/**
 * Live connections: users who connect must come to a gateway that has what they ask for, and only gateways push.
 */
import type { Step } from '../settings.ts';
import { walkSteps } from '../steps.ts';
import { nearest } from '../nearest.ts';
import type { Context } from './context.ts';

const GATEWAY = 'gateway';

export function checkLive(context: Context): void {
  for (const client of context.stage.clients) {
    if (client.connect === undefined || context.component(client.entry) === null) continue;
    const at = ['clients', client.name];
    const other = elsewhere(context, client.entry, new Set());
    if (other !== null) {
      const path = [...at, 'entry'];
      context.report(
        path,
        `\`${other}\` holds no connections`,
        'users with `connect` need a gateway behind their entry',
      );
      continue;
    }
    const { catchUp } = client.connect;
    const offered = context.offered(client.entry);
    if (catchUp === null || offered === null || offered.includes(catchUp)) continue;
    context.report([...at, 'connect', 'catch-up'], `no operation \`${catchUp}\``, nearest(catchUp, offered));
  }
  for (const component of context.stage.components) if (component.type !== GATEWAY) checkPushes(context, component);
}

/** Where connections that begin at a component may end, if that is no gateway. */
function elsewhere(context: Context, name: string, seen: Set<string>): string | null {
  const component = context.component(name);
  if (component === null || component.type === GATEWAY || seen.has(name)) return null;
  seen.add(name);
  const next = context.operationsOf(name).length > 0 ? [] : context.passedOnTo(component);
  if (next.length === 0) return name;
  for (const reference of next) {
    const found = elsewhere(context, reference.name, seen);
    if (found !== null) return found;
  }
  return null;
}

function checkPushes(context: Context, { name, own }: { name: string; own: unknown }): void {
  const { operations } = own as { operations?: { name: string; steps: Step[] }[] };
  if (!Array.isArray(operations)) return;
  for (const operation of operations)
    walkSteps(operation.steps, ['components', name, 'operations', operation.name], (step, path) => {
      if (step.verb === 'push')
        context.report([...path, 'push'], `\`${name}\` holds no connections to push to`, 'only a gateway pushes');
    });
}
