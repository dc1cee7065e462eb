/**
 * What the core is told of a replicated database, so that it finds the copy for a call and reads there by itself: of one that
 * has a single copy, or whose copies follow the first of their shard for ever; there it writes, too, unless somebody waits for copies. Where leaders change, or users are told
 * apart, it asks.
 */
import type { HashRing } from '../../../engine/hash-ring.ts';
import { Following, Lookup, LookupRoute, LookupWhat } from '../../../engine/key-records.ts';
import { Lookups } from '../../../engine/lookups.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import type { Apply } from './apply.ts';
import { type Cluster, Message } from './cluster.ts';
import type { Consistency } from './consistency.ts';
import { Act } from './programs.ts';
import type { Shipping } from './shipping.ts';

/** The parts of a database that the core is told of. */
export interface Known {
  cluster: Cluster;
  consistency: Consistency;
  shipping: Shipping;
  apply: Apply;
  own: DatabaseSettings;
  /** Operation that writes. */
  write: number;
  /** Which shard a key belongs to, null: there is one. */
  ring: HashRing | null;
}

/** Tells it what it reads, and how copies follow. */
export function publishCopies({ cluster, consistency, shipping, apply, own, write, ring }: Known): Lookups {
  const { world, component, members, logs } = cluster;
  const { firstNode, shards, copies } = members;
  const lookups = new Lookups(world, { component, firstNode, nodeCount: shards * copies }, []);
  const { I } = lookups;
  I[Lookup.What] = copies === 1 ? LookupWhat.OnlyCopy : LookupWhat.Copy;
  I[Lookup.Operand] = Act.Read;
  I[Lookup.WriteOperation] = write;
  I[Lookup.Copies] = copies;
  I[Lookup.Applied] = logs.applied.byteOffset;
  I[Lookup.CommitTimes] = logs.firstTimes?.byteOffset ?? 0;
  I[Lookup.Versions] = consistency.ground?.record.byteOffset ?? 0;
  I[Lookup.FirstReader] = own.reads === 'replicas' ? 1 : 0;
  I[Lookup.Readers] = own.reads === 'primary' ? 1 : copies - I[Lookup.FirstReader];
  if (copies > 1 && own.replication.mode === 'asynchronous' && apply.publish(Act.Applied)) {
    shipping.publish(apply.record);
    apply.record[Following.Commit] = Act.Commit;
    apply.record[Following.Term] = cluster.term[0];
    apply.record[Following.Ship] = Message.Ship;
    const { messageIdentities } = cluster.kernel;
    for (let copy = 0; copy < shards * copies; copy++) messageIdentities.prepare(firstNode + copy);
    apply.record[Following.Roots] = messageIdentities.roots.byteOffset;
    apply.record[Following.Given] = messageIdentities.given.byteOffset;
    logs.isTold = true;
    apply.record[Following.Acknowledge] = Act.Acknowledge;
    apply.record[Following.Acknowledged] = logs.told.byteOffset;
    apply.record[Following.Writes] = world.acknowledged[component].ground?.record.byteOffset ?? 0;
    I[Lookup.Following] = apply.record.byteOffset;
  }
  // Where copies are not equally far, each caller has others that are near.
  if (shards * copies > 1 && (copies === 1 || own.reads === 'primary' || world.places.count === 1)) {
    I[Lookup.Routes] = LookupRoute.Copies;
    ring?.publish(world.memory, I);
  }
  return lookups;
}
