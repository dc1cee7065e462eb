/** A whole scenario from one number: a random small architecture, its clients and what goes wrong with it. */
import { balancer } from './balancers.ts';
import { cdn } from './cdns.ts';
import { clients } from './clients.ts';
import { Draw, type Fields, ms } from './draw.ts';
import { faults } from './faults.ts';
import { type Part, type Plan, plan } from './plan.ts';
import { server } from './servers.ts';
import { cache, database } from './stores.ts';
import { distribution } from './values.ts';

/** A scenario as the plain maps that its file is made of. */
export interface Architecture {
  [section: string]: Fields | string;
  name: string;
  run: Fields;
  clients: { [name: string]: Fields };
  components: { [name: string]: Fields };
  faults: { [name: string]: Fields };
}

/** The architecture with this number in the family of this seed. */
export function architecture(seed: number, index: number): Architecture {
  const draw = new Draw(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const shape = plan(draw);
  place(draw, shape);
  const components = partsOf(draw, shape);
  const populations = clients(draw, shape);
  const names = Object.keys(populations);
  return {
    name: `random architecture ${index} of seed ${seed}`,
    run: {
      duration: ms(shape.duration * 1000),
      warmup: ms(draw.pick([0, 200, 700])),
      seed: draw.int(1, 1_000_000),
    },
    ...network(draw, shape, names),
    clients: populations,
    components,
    faults: faults(draw, shape, names),
  };
}

/** Some stand on the machine of another one. */
function place(draw: Draw, shape: Plan): void {
  const hosts = new Set<string>();
  for (const part of shape.parts) {
    if (hosts.has(part.name) || !draw.chance(0.15)) continue;
    const others = shape.parts.filter((other) => other !== part && other.on === null);
    if (others.length === 0) continue;
    part.on = draw.pick(others).name;
    hosts.add(part.on);
  }
}

/** Written from the last to the first, so that a balancer knows how many instances stand behind it. */
function partsOf(draw: Draw, shape: Plan): { [name: string]: Fields } {
  const written: [string, Fields][] = [];
  const first = shape.parts.find(({ kind }) => kind === 'server');
  for (const part of [...shape.parts].reverse()) {
    const fields = write(draw, shape, part, part === first ? shape.load : shape.load * draw.scale(0.1, 1));
    written.push([part.name, { ...fields, ...(part.on !== null && { on: part.on }) }]);
  }
  const parts = Object.fromEntries(written.reverse());
  for (const host of shape.parts) if (host.on === null) makeRoom(shape, host, parts);
  return parts;
}

/** A process that cannot even begin is no valid scenario: where the least machine is too small for all on it, it gets more. */
function makeRoom({ parts }: Plan, host: Part, written: { [name: string]: Fields }): void {
  const machine = written[host.name].machine as Fields | undefined;
  if (machine?.memory !== '64MiB') return;
  let bases = 0;
  for (const part of parts) {
    const memory = written[part.name].memory as Fields | undefined;
    if ((part === host || part.on === host.name) && memory?.base === '20MiB')
      bases += Math.ceil(part.instances / host.instances);
  }
  if (bases > 3) machine.memory = '4GiB';
}

function write(draw: Draw, shape: Plan, part: Part, load: number): Fields {
  switch (part.kind) {
    case 'server':
      return server(draw, shape, part, shape.rate, load);
    case 'cdn':
      return cdn(draw, shape, part);
    case 'balancer':
      return balancer(draw, shape, part);
    case 'database':
      return database(draw, part);
    case 'cache':
      return cache(draw, part);
  }
}

function network(draw: Draw, shape: Plan, clientNames: readonly string[]): { [section: string]: Fields } {
  const links: Fields = {};
  const ends = shape.parts.map(({ name }) => name);
  for (let i = draw.int(0, 3); i > 0; i--) {
    const from = draw.chance(0.4) ? draw.pick(clientNames) : draw.pick(ends);
    const to = draw.pick(ends);
    if (from === to || `${from} -> ${to}` in links || `${to} -> ${from}` in links) continue;
    links[`${from} -> ${to}`] = {
      ...draw.maybe(0.8, () => ({ delay: distribution(draw, draw.scale(0.1, 30)) })),
      ...draw.maybe(0.3, () => ({ response: distribution(draw, draw.scale(0.1, 30)) })),
      ...draw.maybe(0.4, () => ({ loss: draw.pick(['0.1%', '5%', '40%']) })),
      ...draw.maybe(0.3, () => ({ 'one-way': true })),
    };
  }
  return { ...draw.maybe(0.5, () => ({ network: { delay: distribution(draw, draw.scale(0.01, 5)) } })), links };
}
