/** Faults of every kind, at a time or at random, often on top of each other. */
import { type Draw, type Fields, ms } from './draw.ts';
import type { Plan } from './plan.ts';
import { distribution } from './values.ts';

const LONGEST = 1.2;

/** Crashes with a time must not overlap on one target: what is down cannot go down. */
type Down = { component: string; from: number; to: number }[];

function schedule(draw: Draw, plan: Plan): { fields: Fields; from: number; to: number } {
  if (draw.chance(0.2)) {
    const fields = { every: distribution(draw, draw.scale(200, 3000)), repair: distribution(draw, draw.scale(5, 300)) };
    return { fields, from: -1, to: -1 };
  }
  const from = draw.unit() * plan.duration * 0.7;
  const length = draw.scale(0.02, LONGEST);
  if (draw.chance(0.12)) return { fields: { at: ms(from * 1000) }, from, to: Infinity };
  return { fields: { at: ms(from * 1000), for: ms(length * 1000) }, from, to: from + length };
}

function crash(draw: Draw, plan: Plan, down: Down): Fields {
  const part = draw.pick(plan.parts);
  const when = schedule(draw, plan);
  const clash = down.some((d) => d.component === part.name && d.from <= when.to && when.from <= d.to);
  if (clash && when.from >= 0) return slow(draw, plan);
  if (when.from >= 0) down.push({ component: part.name, from: when.from - 1e-3, to: when.to + 1e-3 });
  const how = draw.pick(['kill', 'power', 'pause']);
  return { crash: target(draw, part), ...(how === 'kill' && draw.chance(0.5) ? {} : { how }), ...when.fields };
}

/** All of a component, or one instance: the first more often than others, a primary among them. */
function target(draw: Draw, part: Plan['parts'][number]): string {
  if (draw.chance(0.3)) return part.name;
  return `${part.name}#${draw.chance(0.5) ? 1 : draw.int(1, part.instances)}`;
}

function slow(draw: Draw, plan: Plan): Fields {
  return {
    slow: target(draw, draw.pick(plan.parts)),
    factor: draw.pick([0.5, 2, 10, 1000]),
    ...schedule(draw, plan).fields,
  };
}

/** Two ends that may talk to each other; clients are ends as well. */
function link(draw: Draw, plan: Plan, clients: readonly string[]): string {
  const ends = plan.parts.map(({ name }) => name);
  const from = draw.chance(0.4) ? draw.pick(clients) : draw.pick(ends);
  const to = draw.chance(0.15) ? draw.pick(clients) : draw.pick(ends);
  return `${from} -> ${to}`;
}

function partition(draw: Draw, plan: Plan, clients: readonly string[]): Fields {
  const members = plan.parts.flatMap((part) =>
    draw.chance(0.5) ? [part.name] : Array.from({ length: part.instances }, (_, i) => `${part.name}#${i + 1}`),
  );
  const all = draw.shuffled([...members, ...draw.some(clients, draw.int(0, clients.length))]);
  if (all.length < 2) all.push(clients[0]);
  const sides = all.length > 2 && draw.chance(0.2) ? 3 : 2;
  const lists: string[][] = Array.from({ length: sides }, (_, i) => [all[i]]);
  for (const member of all.slice(sides)) if (draw.chance(0.7)) draw.pick(lists).push(member);
  return { partition: lists };
}

export function faults(draw: Draw, plan: Plan, clients: readonly string[]): { [name: string]: Fields } {
  const down: Down = [];
  const count = draw.weighted([
    [2, () => 0],
    [2, () => 1],
    [3, () => 2],
    [2, () => 3],
    [1, () => 5],
  ]);
  const one = (): Fields =>
    draw.weighted([
      [4, () => crash(draw, plan, down)],
      [1.5, () => slow(draw, plan)],
      [
        1.5,
        () => ({
          delay: link(draw, plan, clients),
          add: distribution(draw, draw.scale(1, 200)),
          ...schedule(draw, plan).fields,
        }),
      ],
      [
        1.5,
        () => ({
          lose: link(draw, plan, clients),
          probability: draw.pick(['5%', '50%', '100%']),
          ...schedule(draw, plan).fields,
        }),
      ],
      [1.5, () => ({ ...partition(draw, plan, clients), ...schedule(draw, plan).fields })],
    ]);
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`fault ${i + 1}`, one()]));
}
