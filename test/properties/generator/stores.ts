/** Databases (replicas, failover, quorums, shards) and caches (policies, time to live, leases). */
import { type Draw, type Fields, ms, type Value } from './draw.ts';
import type { Part } from './plan.ts';
import { distribution, queue } from './values.ts';

function costs(draw: Draw): Fields {
  const cpu = draw.scale(0.05, 3);
  const read = (): Fields => ({
    read: {
      cpu: distribution(draw, cpu),
      ...draw.maybe(0.5, () => ({ disk: distribution(draw, 1), ...draw.maybe(0.6, () => ({ miss: '20%' })) })),
    },
  });
  const write = (): Fields => ({
    write: { cpu: distribution(draw, cpu), ...draw.maybe(0.6, () => ({ fsync: distribution(draw, 2) })) },
  });
  return draw.weighted([
    [6, () => ({ ...read(), ...write() })],
    [1, read],
    [1, write],
  ]);
}

function failover(draw: Draw): Fields {
  if (draw.chance(0.15)) return { failover: { by: 'none' } };
  return {
    failover: {
      by: draw.pick(['election', 'monitor']),
      heartbeat: ms(draw.pick([20, 50])),
      timeout: ms(draw.pick([60, 200, 500])),
      ...draw.maybe(0.7, () => ({ 'election-timeout': { uniform: [ms(10), ms(draw.pick([30, 100]))] } })),
      ...draw.maybe(0.5, () => ({ vote: distribution(draw, 2) })),
      promotion: ms(draw.pick([0, 20, 200])),
      ...draw.maybe(0.6, () => ({ fencing: draw.chance(0.5) })),
      ...draw.maybe(0.6, () => ({ witness: draw.chance(0.75) })),
    },
  };
}

function replicated(draw: Draw, replicas: number): Fields {
  const mode = draw.pick(['asynchronous', 'semi-synchronous', 'synchronous']);
  return {
    replicas,
    replication: {
      mode,
      ...draw.maybe(0.6, () => ({ apply: { cpu: distribution(draw, draw.scale(0.1, 10)), parallel: draw.int(1, 3) } })),
      ...(mode === 'semi-synchronous' && draw.maybe(0.7, () => ({ acks: draw.int(1, replicas) }))),
    },
    reads: draw.pick(['primary', 'replicas', 'replicas', 'any']),
    ...draw.maybe(0.3, () => ({ 'read-your-writes': { pin: ms(draw.pick([50, 1000])) } })),
    ...draw.maybe(0.75, () => failover(draw)),
  };
}

function quorum(draw: Draw): Fields {
  const n = draw.int(1, 4);
  return {
    quorum: {
      n,
      r: draw.int(1, n),
      w: draw.int(1, n),
      ...draw.maybe(0.4, () => ({
        delays: {
          write: distribution(draw, 2),
          ack: distribution(draw, 1),
          read: distribution(draw, 1),
          response: distribution(draw, 1),
        },
      })),
    },
  };
}

export function database(draw: Draw, part: Part): Fields {
  const replicas = draw.int(1, 3);
  const how = draw.weighted<Fields>([
    [1, () => ({})],
    [3, () => replicated(draw, replicas)],
    [1.2, () => quorum(draw)],
  ]);
  const shards = draw.chance(0.3) ? draw.int(2, 3) : 1;
  const copies = 'quorum' in how ? ((how.quorum as Fields).n as number) : 'replicas' in how ? replicas + 1 : 1;
  part.instances = shards * copies;
  return {
    type: 'database',
    ...(part.on === null &&
      draw.maybe(0.6, () => ({ machine: { cores: draw.int(1, 4), ...draw.maybe(0.2, () => ({ connections: 10 })) } }))),
    ...draw.maybe(0.5, () => ({ connections: draw.pick([1, 5, 50]) })),
    ...draw.maybe(0.6, () => ({ queue: queue(draw) })),
    ...costs(draw),
    ...draw.maybe(0.4, () => ({ disk: { parallel: draw.int(1, 4) } })),
    ...how,
    ...(shards > 1 && { shards }),
  };
}

export function cache(draw: Draw, part: Part): Fields {
  part.instances = draw.pick([1, 1, 2, 3]);
  const assumed = draw.chance(0.15);
  const contents = (): Fields => ({
    ...draw.pick<Fields>([{ capacity: draw.int(1, 200) }, { capacity: '64KiB', item: '1KiB' }]),
    ...draw.maybe(0.5, () => ({
      ttl: ms(draw.scale(20, 2000)),
      ...draw.maybe(0.5, () => ({ sliding: draw.chance(0.7) })),
    })),
    ...draw.maybe(0.6, () => ({ coalesce: draw.pick<Value>([true, false, { lease: ms(50) }, { lease: ms(1000) }]) })),
  });
  return {
    type: 'cache',
    ...(part.on === null && draw.maybe(0.5, () => ({ machine: { cores: draw.int(1, 2) } }))),
    ...(part.instances > 1 && { nodes: part.instances }),
    policy: draw.pick(['lru', 'lfu', 'fifo', 'random']),
    ...(assumed ? { hits: draw.pick(['0%', '80%', '100%']) } : contents()),
    ...draw.maybe(0.5, () => ({ time: distribution(draw, 0.3) })),
    ...draw.maybe(0.3, () => ({ serial: draw.chance(0.5) })),
  };
}
