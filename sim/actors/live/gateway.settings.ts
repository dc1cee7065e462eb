/**
 * What a scenario may say about a `gateway`: a server that holds live connections, and pushes over them.
 */
import * as z from 'zod';
import {
  countOrNone,
  duration,
  encodingName,
  positiveDuration,
  positiveSize,
  reference,
} from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import {
  check as checkServer,
  references as ofServer,
  resolveServer,
  serverFields,
} from '../compute/server.settings.ts';

/** Defaults of Engine.IO 4 (`pingInterval`, `pingTimeout`). */
const heartbeat = z
  .strictObject({
    interval: positiveDuration('Each connection is pinged this often.').prefault('25s'),
    timeout: duration('Silence allowed beyond it, on both sides.').prefault('20s'),
  })
  .prefault({});

const message = z.strictObject({
  size: positiveSize('Size of one message.'),
  encoding: encodingName.optional(),
});

const rollout = z.strictObject({
  at: duration('When the first instance is drained, from the end of the warm-up.'),
  every: positiveDuration('Time from one instance to the next.'),
  boot: duration('From the end of an instance until its successor serves.').prefault('5s'),
});

export const settings = z
  .strictObject({
    ...serverFields,
    connections: countOrNone('Most open connections per instance; more are refused.').prefault('none'),
    handshake: duration('Core time of a handshake (TLS, upgrade, authentication).').prefault('1ms'),
    push: duration('Core time of each push to one connection.').prefault('20us'),
    receive: duration('Core time of each message from the bus it listens to.').prefault('50us'),
    message: message.optional().meta({
      description:
        'What is pushed. Its bytes are counted; with an encoding each push takes the time to write it, too, and each message of the bus the time to read it.',
    }),
    listens: reference('Bus (a `pubsub`) whose messages are pushed to the connections they are for.').optional(),
    delivers: z
      .enum(['room', 'all'])
      .optional()
      .meta({ description: 'Whom messages of the bus are pushed to: those of the room (default), or everybody.' }),
    heartbeat: z
      .union([z.literal('none').transform(() => null), heartbeat])
      .prefault({})
      .meta({ description: 'Pings, by which both sides learn that the other is gone. `none`: they do not.' }),
    drain: duration('An instance that goes closes its connections evenly over this long.').prefault('10s'),
    rollout: rollout.optional().meta({ description: 'A deployment: instances are replaced one after another.' }),
  })
  .transform((s) => ({
    ...resolveServer(s),
    connections: s.connections,
    handshakeNs: s.handshake,
    pushNs: s.push,
    receiveNs: s.receive,
    ...(s.message !== undefined && {
      message: { sizeBytes: s.message.size, encoding: s.message.encoding ?? null },
    }),
    listens: s.listens ?? null,
    delivers: s.delivers ?? null,
    heartbeat: s.heartbeat === null ? null : { intervalNs: s.heartbeat.interval, timeoutNs: s.heartbeat.timeout },
    drainNs: s.drain,
    rollout: s.rollout === undefined ? null : { atNs: s.rollout.at, everyNs: s.rollout.every, bootNs: s.rollout.boot },
  }));

export type GatewaySettings = z.output<typeof settings>;

export function references(own: GatewaySettings): { name: string; path: (string | number)[] }[] {
  return [...ofServer(own), ...(own.listens === null ? [] : [{ name: own.listens, path: ['listens'] }])];
}

export function check(component: ComponentSettings<GatewaySettings>, stage: StageSettings): OwnFinding[] {
  const { own } = component;
  const findings = checkServer(component, stage);
  if (own.runtime.kind === 'threads')
    findings.push({
      path: ['runtime'],
      message: 'a gateway needs event loops or workers: a connection would hold a thread for as long as it is open',
      hint: 'for example { event-loop: 2 }',
    });
  if (own.listens === null && own.delivers !== null)
    findings.push({ path: ['delivers'], message: '`delivers` needs `listens`', hint: 'only a bus brings messages' });
  if (own.rollout !== null && own.autoscale !== null)
    findings.push({ path: ['rollout'], message: '`rollout` and `autoscale` exclude each other' });
  if (own.memory !== null && own.memory.perConnectionBytes === 0 && own.memory.perRequestBytes > 0)
    findings.push({
      path: ['memory', 'per-request'],
      message: 'a gateway pays for memory by connection',
      hint: 'write per-connection',
    });
  return findings;
}
