/** Sizes without a bandwidth, bandwidths without sizes: settings that would be accepted and change nothing. */
import type { PayloadSettings } from '../settings.ts';
import type { Context } from './context.ts';

export function checkPayloads(context: Context): void {
  const { stage } = context;
  const links = [...stage.links, ...(stage.placeLinks ?? [])].filter(({ bandwidth }) => bandwidth !== undefined);
  const stated: { payload: PayloadSettings; path: (string | number)[] }[] = [
    ...stage.clients.flatMap(({ name, payloads }) =>
      Object.values(payloads ?? {}).map((payload) => ({ payload, path: ['clients', name] })),
    ),
    ...stage.components.flatMap(({ name }) =>
      context
        .operationsOf(name)
        .flatMap(({ calls }) =>
          calls.flatMap(({ step, path }) =>
            'payload' in step && step.payload !== undefined
              ? [{ payload: step.payload, path: ['components', name, ...path] }]
              : [],
          ),
        ),
    ),
  ];
  const idle = stated.find(({ payload }) => payload.encoding === null);
  if (links.length === 0 && idle !== undefined)
    context.report(
      idle.path,
      'sizes of requests and answers have no effect: no link has a `bandwidth`',
      'write links: { a -> b: { bandwidth: 1Gbps } }, or say how they are encoded',
      'warning',
    );
  if (links.length > 0 && stated.length === 0)
    context.report(
      ['links', `${links[0].from} -> ${links[0].to}`],
      '`bandwidth` has no effect: nothing says how large requests or answers are',
      'write request: 2KiB, response: 20KiB at clients or calls',
      'warning',
      'key',
    );
}
