/** Operations as random trees of steps, with every verb, bounded in depth and in the calls they make. */
import { type Draw, type Fields, type Value } from './draw.ts';
import { after, type Part, type Plan } from './plan.ts';
import { distribution, retry, timeout } from './values.ts';

/** What one operation may still spend. */
interface Budget {
  calls: number;
}

interface Writer {
  draw: Draw;
  /** Mean of one `cpu` step, milliseconds. */
  cpu: number;
  plan: Plan;
  part: Part;
  budget: Budget;
}

/** The steps of one operation. `cpu` is the mean core time that it should take by itself, milliseconds. */
export function operation(draw: Draw, plan: Plan, part: Part, cpu: number): Value[] {
  const writer: Writer = { draw, cpu: cpu / 3, plan, part, budget: { calls: 4 } };
  return [{ cpu: distribution(draw, (cpu * 2) / 3) }, ...list(writer, 2, draw.int(0, 4))];
}

function list(writer: Writer, depth: number, length: number): Value[] {
  return Array.from({ length }, () => step(writer, depth));
}

const few = (writer: Writer, depth: number): Value[] => list(writer, depth - 1, writer.draw.int(0, 2));

function step(writer: Writer, depth: number): Value {
  const { draw, part, plan, budget } = writer;
  const targets = after(plan, part);
  const doors = targets.filter(({ kind }) => kind === 'server' || kind === 'balancer');
  const stores = targets.filter(({ kind }) => kind === 'database');
  const caches = targets.filter(({ kind }) => kind === 'cache');
  const calls = budget.calls > 0 ? 1 : 0;
  const spend = (make: () => Fields) => (): Fields => {
    budget.calls--;
    return make();
  };
  return draw.weighted<Fields>([
    [3, () => ({ cpu: distribution(draw, writer.cpu) })],
    [1, () => ({ sleep: distribution(draw, draw.scale(0.5, 30)) })],
    [0.7, () => ({ fail: draw.pick(['0%', '0.5%', '5%', '5%', '50%']) })],
    [0.1, () => ({ fail: '100%' })],
    [0.7, () => ({ respond: 'early' })],
    [doors.length > 0 ? 4 * calls : 0, spend(() => call(writer, depth, draw.pick(doors)))],
    [stores.length > 0 ? 5 * calls : 0, spend(() => access(writer, depth, draw.pick(stores)))],
    [caches.length > 0 ? 5 * calls : 0, spend(() => lookup(writer, depth, draw.pick(caches)))],
    [depth > 0 ? 1.5 : 0, () => parallel(writer, depth)],
    [depth > 0 ? 1 : 0, () => choose(writer, depth)],
    [depth > 0 ? 1 : 0, () => ({ repeat: draw.int(1, 3), steps: few(writer, depth) })],
  ]);
}

/** What every step that calls may have. */
function calling({ draw }: Writer, depth: number, writer: Writer): Fields {
  return {
    ...timeout(draw),
    ...draw.maybe(0.3, () => ({ retry: retry(draw) })),
    ...draw.weighted<Fields>([
      [3, () => ({})],
      [1, () => ({ 'on-error': draw.pick(['fail', 'continue']) })],
      [depth > 0 ? 1 : 0, () => ({ else: few(writer, depth) })],
    ]),
  };
}

function call(writer: Writer, depth: number, target: Part): Fields {
  const { draw, plan } = writer;
  return {
    call: target.name,
    ...draw.maybe(0.5, () => ({ op: draw.pick(plan.operations) })),
    ...(target.kind === 'server' &&
      draw.maybe(0.3, () => ({ to: 'all', ...draw.maybe(0.5, () => ({ first: draw.int(1, 3) })) }))),
    ...calling(writer, depth, writer),
  };
}

const key = (draw: Draw): Fields => draw.maybe(0.3, () => ({ key: draw.pick(['request', 'random']) }));

function access(writer: Writer, depth: number, target: Part): Fields {
  const { draw } = writer;
  return { [draw.pick(['read', 'write'])]: target.name, ...key(draw), ...calling(writer, depth, writer) };
}

function lookup(writer: Writer, depth: number, target: Part): Fields {
  const { draw } = writer;
  const options = (): Fields => ({ ...key(draw), ...calling(writer, depth, writer) });
  const fill = (): Value[] => [...few(writer, depth), ...(draw.chance(0.85) ? [{ set: target.name }] : [])];
  return draw.weighted<Fields>([
    [
      9,
      () => ({
        get: target.name,
        ...(depth > 0 && {
          ...draw.maybe(0.8, () => ({ miss: fill() })),
          ...draw.maybe(0.3, () => ({ hit: few(writer, depth) })),
        }),
        ...options(),
      }),
    ],
    [1, () => ({ set: target.name, ...options() })],
    [1, () => ({ delete: target.name, ...options() })],
  ]);
}

function parallel(writer: Writer, depth: number): Fields {
  const { draw } = writer;
  const times = draw.int(1, 4);
  const branches: Value = draw.chance(0.4)
    ? { times, steps: few(writer, depth) }
    : Array.from({ length: times }, () => few(writer, depth));
  return { parallel: branches, ...draw.maybe(0.5, () => ({ first: draw.int(1, times) })) };
}

function choose(writer: Writer, depth: number): Fields {
  const { draw } = writer;
  const names = draw.some(['quick', 'slow', 'rare'], draw.int(1, 3));
  const shares = draw.shares(names.length);
  return {
    choose: Object.fromEntries(names.map((name, i) => [name, { weight: shares[i], steps: few(writer, depth) }])),
  };
}
