/** What components pass requests on to (`targets` of routers), and which operations they so offer. */
import type { Builder } from './builder.ts';
import type { ComponentDraft } from './components.ts';

/** Components that a component may pass requests or messages on to besides its call sites. */
export function routedTo(builder: Builder, component: ComponentDraft): number[] {
  const own = component.settings?.own as { targets?: { name: string }[] } | undefined;
  return [component.id, ...(own?.targets ?? []).map((t) => builder.component(t.name).id)];
}

/** The operation a call without `op` means: the caller's own name if the target offers it, else the only one. */
export function operationFor(builder: Builder, target: string, wanted: string | null, current: string): string {
  if (wanted !== null) return wanted;
  const offers = offered(builder, target, new Set());
  if (offers.includes(current)) return current;
  return offers[0] ?? current;
}

/** Names of the operations a component offers, directly or through what it passes requests on to. */
function offered(builder: Builder, name: string, seen: Set<string>): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const own = builder.component(name).settings?.own as
    | { operations?: { name: string }[]; targets?: { name: string }[] }
    | undefined;
  if (own?.operations !== undefined) return own.operations.map((o) => o.name);
  return (own?.targets ?? []).flatMap((t) => offered(builder, t.name, seen));
}
