/**
 * `pubsub`: messages between gateways, after Redis: a message goes to whoever listens to its channel at that moment, at
 * most once, and nothing is kept. One event loop an instance, as in Redis; channels are spread over instances by key.
 *
 * A gateway's library keeps a connection to every instance and asks now and then whether it is still subscribed; after a
 * restart it is not, and subscribes again.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import { type PubsubSettings, settings } from './pubsub.settings.ts';
import { Pubsub } from './pubsub/instance.ts';
import { compilePubsub } from './pubsub/programs.ts';

export const pubsub: ActorType<PubsubSettings> = {
  type: 'pubsub',
  summary: 'Messages between gateways (Redis pub/sub): at most once, to whoever listens now.',
  picture: 'drum',
  settings,
  serves: ['publish'],
  references: () => [],
  metrics: { published: 'count', delivered: 'count', unheard: 'count', publishFailures: 'count' },
  accepts(_own, step) {
    const given = (['topic', 'exchange', 'acks'] as const).find((name) => step[name] !== null);
    if (given !== undefined) return { option: given, message: `\`${given}\` has no effect on a pubsub` };
    if (step.routingKey !== null) return { option: 'routing-key', message: '`routing-key` has no effect on a pubsub' };
    if (step.key !== 'request') return { option: 'key', message: 'a pubsub goes by the key of the request' };
    return null;
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    return new Pubsub(component.own, draft, compilePubsub(component, builder, draft), builder);
  },
};
