/** Every component type Tenfold knows: one line each. */
import type { ActorType } from '../compile/actor-type.ts';
import { server } from './compute/server.ts';
import { gateway } from './live/gateway.ts';
import { pubsub } from './live/pubsub.ts';
import { cron } from './messaging/cron.ts';
import { kafka } from './messaging/kafka.ts';
import { queue } from './messaging/queue.ts';
import { cdn } from './edge/cdn.ts';
import { dns } from './edge/dns.ts';
import { balancer } from './routing/balancer.ts';
import { shardRouter } from './routing/shard-router.ts';
import { cache } from './storage/cache.ts';
import { database } from './storage/database.ts';

export const actorTypes: readonly ActorType[] = [
  server,
  gateway,
  pubsub,
  queue,
  cron,
  kafka,
  balancer,
  shardRouter,
  cache,
  database,
  dns,
  cdn,
];
