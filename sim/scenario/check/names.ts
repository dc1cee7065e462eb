/**
 * Names that must exist or must differ: components, populations, entries, hosts, links.
 */
import { splitArrow } from '../fields/links.ts';
import { nodeAt } from '../source/tree.ts';
import type { Context } from './context.ts';
import { isPlace } from './places.ts';

/** Two names that differ only by case, or are given to a component and a population alike. */
export function checkNames(context: Context): void {
  const seen = new Map<string, string>();
  const all = [
    ...context.componentNames.map((name) => ['components', name] as const),
    ...context.clientNames.map((name) => ['clients', name] as const),
  ];
  for (const [section, name] of all) {
    const folded = name.toLowerCase();
    const other = seen.get(folded);
    if (other === undefined) seen.set(folded, name);
    else if (other === name)
      context.report(
        [section, name],
        `\`${name}\` is both a component and a population`,
        'rename one of them',
        'error',
        'key',
      );
    else
      context.report(
        [section, name],
        `\`${name}\` and \`${other}\` differ only by case`,
        'rename one of them',
        'error',
        'key',
      );
  }
}

/** Entries, references and hosts. */
export function checkReferences(context: Context): void {
  for (const client of context.stage.clients) {
    if (context.component(client.entry) === null)
      context.unknownComponent(['clients', client.name, 'entry'], client.entry);
  }
  for (const component of context.stage.components) {
    const at = ['components', component.name];
    for (const { name, path } of context.references(component)) {
      if (context.component(name) === null) context.unknownComponent([...at, ...path], name);
    }
    if (component.on !== null) checkHost(context, component.name, component.on);
  }
}

function checkHost(context: Context, name: string, on: string): void {
  const host = context.component(on);
  const path = ['components', name, 'on'];
  if (host === null) context.unknownComponent(path, on);
  else if (on === name) context.report(path, `\`${name}\` cannot stand on itself`);
  else if (host.on !== null)
    context.report(path, `\`${on}\` has no machine of its own`, `it stands on \`${host.on}\`: name that one`);
}

/** Both ends known, every direction declared once. */
export function checkLinks(context: Context): void {
  const links = nodeAt(context.tree, ['links']);
  if (links?.kind !== 'map') return;
  const hasRegions = nodeAt(context.tree, ['regions']) !== null;
  const declared = new Map<string, string>();
  for (const [name, { value }] of links.entries) {
    const ends = splitArrow(name);
    if (ends === null) continue;
    checkEnds(context, name, ends);
    if (isPlace(context, ends.from)) {
      for (const key of ['response', 'connection'])
        if (nodeAt(value, [key]) !== null)
          context.report(
            ['links', name, key],
            `\`${key}\` is not for links between places`,
            'say it of a link between two components',
          );
    } else if (hasRegions && nodeAt(value, ['response']) !== null && nodeAt(value, ['delay']) === null)
      context.report(
        ['links', name, 'response'],
        '`response` needs `delay` where there are regions',
        'without it the places of both ends say how long either way is',
      );
    const oneWay = nodeAt(value, ['one-way']);
    const both = !(oneWay?.kind === 'scalar' && oneWay.value === true);
    const directions = new Set([`${ends.from} -> ${ends.to}`, ...(both ? [`${ends.to} -> ${ends.from}`] : [])]);
    for (const direction of directions) {
      const other = declared.get(direction);
      if (other === undefined) declared.set(direction, name);
      else {
        context.report(
          ['links', name],
          `the link \`${direction}\` is declared twice`,
          `also by \`${other}\`; a link holds both ways unless one-way: true`,
          'error',
          'key',
        );
        break;
      }
    }
  }
}

/** Both are components or populations, or both are places. */
function checkEnds(context: Context, name: string, { from, to }: { from: string; to: string }): void {
  const places = [from, to].filter((end) => isPlace(context, end));
  if (places.length === 2) return;
  const others = [from, to].filter((end) => context.component(end) === null && !context.clientNames.includes(end));
  for (const end of others) {
    if (!places.includes(end)) context.unknownComponent(['links', name], end, true);
    else
      context.report(
        ['links', name],
        `\`${end}\` is a place, the other end is not`,
        'a link is between two components, or between two places',
        'error',
        'key',
      );
  }
}

/** Components that no request can come to, directly or as a machine that others stand on. */
export function checkReach(context: Context): void {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const component = context.component(name);
    if (component === null || reached.has(name)) return;
    reached.add(name);
    for (const reference of context.references(component)) visit(reference.name);
    if (component.on !== null) visit(component.on);
  };
  for (const client of context.stage.clients) visit(client.entry);
  // What nobody can call begins its work by itself.
  for (const component of context.stage.components)
    if (context.typeOf(component)?.serves.length === 0) visit(component.name);
  for (const name of context.componentNames) {
    if (!reached.has(name)) {
      context.report(
        ['components', name],
        `nothing ever calls \`${name}\``,
        'no population reaches it',
        'warning',
        'key',
      );
    }
  }
}
