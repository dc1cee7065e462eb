/** Where what is published goes: bindings do not change, so the queues of each publication are found once. */
import type { Publication } from '../../../compile/publication.ts';
import { exchangeOf, type QueueBrokerSettings } from '../queue.settings.ts';
import { routed } from './matching.ts';

/** Queues of each publication to the broker, by the publication's number. */
export function routesOf(
  own: QueueBrokerSettings,
  publications: readonly Publication[],
  broker: number,
): ReadonlyMap<number, readonly number[]> {
  const routes = new Map<number, number[]>();
  publications.forEach(({ target, step }, number) => {
    if (target !== broker) return;
    const exchange = exchangeOf(own, step);
    const names =
      exchange === null
        ? [step.routingKey ?? own.queues[0].name]
        : routed(exchange.kind, exchange.bindings, step.routingKey ?? '');
    routes.set(
      number,
      names.map((name) => own.queues.findIndex((q) => q.name === name)),
    );
  });
  return routes;
}
