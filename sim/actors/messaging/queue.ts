/**
 * `queue`: a broker of messages after RabbitMQ: exchanges route what is published to queues, instances of servers compete
 * for what is in them, and a message is there until one of them has acknowledged it.
 *
 * Publishers and consumers have a library in their process (see `Actor.visit`). A consumer that dies gives its messages
 * back; one that fails them, too. So every message is done at least once, and some twice. One node: mirrored and quorum
 * queues are not modelled.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import { accepts, check, type QueueBrokerSettings, references, settings } from './queue.settings.ts';
import { QueueBroker } from './queue/instance.ts';
import { compileQueue } from './queue/programs.ts';

export const queue: ActorType<QueueBrokerSettings> = {
  type: 'queue',
  summary: 'A broker with exchanges, queues and competing consumers (RabbitMQ): each message is done at least once.',
  picture: 'drum',
  settings,
  serves: ['publish'],
  references,
  check,
  accepts,
  nodes: () => 1,
  metrics: {
    published: 'count',
    confirmed: 'count',
    publishFailures: 'count',
    unroutable: 'count',
    delivered: 'count',
    acknowledged: 'count',
    redelivered: 'count',
    deadLettered: 'count',
    dropped: 'count',
    lost: 'count',
    waiting: 'count',
    waitingMax: 'count',
    workP50Ms: 'ms',
    workP99Ms: 'ms',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    return new QueueBroker(component.own, draft, compileQueue(component, builder, draft), builder);
  },
};
