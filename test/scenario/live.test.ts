/** What is refused about live connections, queues and clocks, with the place and the way out. */
import { expect, it } from 'vitest';
import { parseScenario } from '../../sim/index.ts';

const told = (text: string): string[] =>
  parseScenario(text, 'x.yaml').problems.map(({ message, hint }) => `${message} | ${hint}`);

const system = (connect: string, app: string, more = ''): string => `
name: Live
clients: { c: { users: 10, think: 1s, does: say, entry: app, connect: { ${connect} } } }
components:
  app: { ${app} }
${more}`;
const GATEWAY =
  'type: gateway, runtime: { event-loop: 1 }, operations: { say: [ { push: room } ], resume: [ { cpu: 1ms } ] }';

it.each([
  [
    'a server holds no connection',
    system('', 'type: server, operations: { say: [ { cpu: 1ms } ] }'),
    'holds no connections',
  ],
  ['only gateways push', system('', 'type: server, operations: { say: [ { push: room } ] }'), 'only a gateway pushes'],
  ['threads', system('', GATEWAY.replace('event-loop: 1', 'threads: 5')), 'a connection would hold a thread'],
  ['an unknown catch-up', system('catch-up: resumee', GATEWAY), 'no operation `resumee`'],
  ['turns without rooms', system('turns: true, catch-up: resume', GATEWAY), '`turns` needs `rooms`'],
  ['turns without a store', system('turns: true, rooms: 2', GATEWAY), '`turns` needs `catch-up`'],
  ['delivers nothing', system('rooms: 2', `${GATEWAY}, delivers: all`), '`delivers` needs `listens`'],
  [
    'a queue in a circle',
    system('rooms: 2', GATEWAY, '  q: { type: queue, queues: { a: { dead-letter: b }, b: { dead-letter: a } } }'),
    'come back to it',
  ],
  [
    'an unknown exchange',
    system(
      'rooms: 2',
      GATEWAY.replace('{ cpu: 1ms }', '{ publish: q, exchange: y }'),
      '  q: { type: queue, exchanges: { x: { type: fanout, bindings: { a: k } } }, queues: { a: {} } }',
    ),
    'no exchange `y`',
  ],
  [
    'a consumer without the operation',
    system('rooms: 2', GATEWAY, '  q: { type: queue, queues: { a: { consumers: { app: { op: mail } } } } }'),
    '`app` has no operation `mail`',
  ],
  [
    'a clock without the operation',
    system('rooms: 2', GATEWAY, '  k: { type: cron, runs: app, op: mail, every: 1s }'),
    '`app` has no operation `mail`',
  ],
])('%s', (_what, text, expected) => {
  expect(told(text).join('\n')).toContain(expected);
});

it('refuses a gateway whose base is more than its machine has, not one that just fits', () => {
  const withBase = (base: string): string =>
    system('', `${GATEWAY}, machine: { memory: 1GiB }, memory: { base: ${base} }`);
  expect(told(withBase('1025MiB')).join()).toContain('`app` does not fit into the 1024MiB of its machine | ');
  expect(told(withBase('1GiB'))).toEqual([]);
});
