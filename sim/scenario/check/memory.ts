/** What processes need before their first request: more than their machine has can never run. */
import type { ComponentSettings } from '../settings.ts';
import type { Context } from './context.ts';

export function checkMemory(context: Context): void {
  for (const host of context.stage.components) if (host.on === null) checkMachine(context, host);
}

/** The first machine of a component: whoever stands on it has an instance there, and takes turns from there on. */
function checkMachine(context: Context, host: ComponentSettings): void {
  const { memoryBytes } = host.machine;
  let used = 0;
  for (const each of context.stage.components) {
    if (each !== host && each.on !== host.name) continue;
    const base = baseOf(each) * Math.ceil(each.instances / host.instances);
    if (base === 0) continue;
    used += base;
    if (used <= memoryBytes) continue;
    const whose = each === host ? 'its machine' : `the machine of \`${host.name}\``;
    const beside = used > base ? ' beside the others on it' : '';
    context.report(
      ['components', each.name, 'memory', 'base'],
      `\`${each.name}\` does not fit into the ${mebibytes(memoryBytes)} of ${whose}${beside}`,
      `write a smaller base, or machine: { memory: ${mebibytes(used)} } or more at \`${host.name}\``,
    );
    return;
  }
}

const baseOf = ({ own }: ComponentSettings): number =>
  (own as { memory?: { baseBytes: number } | null }).memory?.baseBytes ?? 0;

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1_048_576)}MiB`;
