/**
 * Regions and zones: names that tell apart what they name, known places, a complete latency matrix, and who is open to
 * users.
 */
import { nearest } from '../nearest.ts';
import { placesNamed } from '../places.ts';
import type { Context } from './context.ts';

/** All checks of places. */
export function checkPlaces(context: Context): void {
  checkPlaceNames(context);
  checkMatrix(context);
  checkStanding(context);
  checkPublic(context);
}

/** Every name that stands for a place: regions, and zones within them. */
export function namesOfPlaces({ stage }: Context): string[] {
  return (stage.regions ?? []).flatMap(({ name, zones }) => [name, ...zones.map((zone) => `${name}/${zone}`)]);
}

/** Is it the name of a region or a zone? */
export const isPlace = ({ stage }: Context, name: string): boolean => placesNamed(stage.regions ?? [], name).length > 0;

/** A fault or a link names either: so a place and a component must not share a name. */
function checkPlaceNames(context: Context): void {
  const others = [...context.componentNames, ...context.clientNames];
  for (const name of namesOfPlaces(context)) {
    const same = others.find((other) => other.toLowerCase() === name.toLowerCase());
    if (same === undefined) continue;
    const path = ['regions', name.split('/')[0]];
    context.report(
      path,
      `\`${same}\` is also the name of a component or a population`,
      'rename one of them',
      'error',
      'key',
    );
  }
}

/** Every two regions are some way apart, and the file says how far. */
function checkMatrix(context: Context): void {
  const regions = context.stage.regions ?? [];
  const names = regions.map(({ name }) => name);
  for (const [index, region] of regions.entries()) {
    for (const { to } of region.latency) {
      const path = ['regions', region.name, 'latency', to];
      if (to === region.name)
        context.report(path, `\`${to}\` is no other region`, 'within it, write between-zones', 'error', 'key');
      else if (!names.includes(to))
        context.report(path, `unknown region \`${to}\``, nearest(to, names), 'error', 'key');
    }
    for (const other of regions.slice(index + 1)) {
      const stated =
        region.latency.some(({ to }) => to === other.name) || other.latency.some(({ to }) => to === region.name);
      if (!stated)
        context.report(
          ['regions', region.name],
          `no latency between \`${region.name}\` and \`${other.name}\``,
          `write latency: { ${other.name}: 40ms } with the one-way delay`,
          'error',
          'key',
        );
    }
  }
}

/** Who stands in a place that there is not. */
function checkStanding(context: Context): void {
  const known = namesOfPlaces(context);
  const look = (path: (string | number)[], name: string): void => {
    if (isPlace(context, name)) return;
    context.report(
      path,
      `unknown region or zone \`${name}\``,
      known.length === 0 ? 'declare it under regions:' : nearest(name, known),
    );
  };
  for (const component of context.stage.components) {
    const list = component.in ?? [];
    for (const [index, name] of list.entries())
      look(['components', component.name, 'in', ...(list.length === 1 ? [] : [index])], name);
    if (list.length > component.instances)
      context.report(
        ['components', component.name, 'in'],
        `\`${component.name}\` has ${component.instances} instance${component.instances === 1 ? '' : 's'} for ${list.length} places`,
        'instances stand in the places in turn, so the last places stay empty',
        'warning',
      );
  }
  for (const client of context.stage.clients) {
    if (client.in !== undefined) look(['clients', client.name, 'in'], client.in);
    const to = client.travel?.to ?? [];
    for (const [index, name] of to.entries())
      look(['clients', client.name, 'travel', 'to', ...(to.length === 1 ? [] : [index])], name);
  }
}

/** Users reach what is public: what says so, and their entry as long as it does not say otherwise. */
function checkPublic(context: Context): void {
  for (const client of context.stage.clients) {
    if (context.component(client.entry)?.public !== false) continue;
    context.report(
      ['clients', client.name, 'entry'],
      `\`${client.entry}\` is private, users cannot reach it`,
      `write public: true at \`${client.entry}\`, or enter through something public`,
    );
  }
}
