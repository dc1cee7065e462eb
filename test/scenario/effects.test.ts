/** What would be accepted and change nothing is said before the run. */
import { expect, test } from 'vitest';
import { parseScenario } from '../../sim/index.ts';
import { changed, GOOD } from './kit.ts';

const told = (text: string): string[] =>
  parseScenario(text, 'small.yaml').problems.map(
    ({ severity, line, message, hint }) => `${severity} ${line} ${message} | ${hint}`,
  );
const add = (text: string): string => `${GOOD}${text}\n`;
const priorities = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `  p${i}: { arrivals: { poisson: 1/s }, does: look, entry: lb, priority: ${i + 1} }\n`,
  ).join('');

/** With arrivals instead of users. */
const open = (before: string, after: string): string =>
  changed(
    '    users: 100\n    think: { exponential: 5s }\n',
    '    arrivals: { poisson: 5/s }\n',
    changed(before, after),
  );
/** With a cache that one operation asks, and another may set. */
const cached = (get: string, settings = '', elsewhere = ''): string =>
  changed('  db:\n', `  c: { type: cache, capacity: 5${settings} }\n  db:\n`)
    .replace('{ read: db }', `{ ${get} }`)
    .replace('{ write: db }', `${elsewhere}{ write: db }`);

test.each([
  [
    'a lossy link nobody uses',
    add('faults: { f: { lose: players -> db, probability: 5%, at: 1s } }'),
    'warning 23 no call goes from `players` to `db`, so this has no effect | `players` calls lb',
  ],
  [
    'a slow link nobody uses',
    add('faults: { f: { delay: lb -> db, add: 5ms, at: 1s } }'),
    'warning 23 no call goes from `lb` to `db`, so this has no effect | `lb` calls app',
  ],
  [
    'a link nobody uses',
    add('links: { db -> players: { delay: 5ms } }'),
    'warning 23 no call goes from `db` to `players`, so this has no effect | `db` calls nobody',
  ],
  [
    'a link in the wrong direction',
    add('links: { db -> app: { delay: 5ms, one-way: true } }'),
    'warning 23 no call goes from `db` to `app`, so this has no effect | `db` calls nobody',
  ],
  [
    'priorities without a queue for them',
    changed('    instances: 2', '    instances: 2\n    priorities: { move: 3 }'),
    'warning 14 no queue has the discipline priority, so this has no effect | write queue: { discipline: priority } where requests wait',
  ],
  [
    'nine priorities',
    changed('components:', `${priorities(8)}components:`),
    'error 16 9 different priorities are too many | at most 8',
  ],
  [
    'a price on a machine of another',
    changed('    type: database', '    type: database\n    on: app\n    price: 5/month'),
    'error 20 `price` and `on` exclude each other | the machine it stands on has the price',
  ],
  [
    'a slow start by hash',
    changed('targets: app', 'targets: app, slow-start: 5s, policy: key-hash'),
    'warning 10 `slow-start` has no effect with the policy key-hash: keys stay where they belong | ',
  ],
  [
    'pins at the primary',
    changed('    type: database', '    type: database\n    replicas: 1\n    read-your-writes: { pin: 5s }'),
    'warning 20 `read-your-writes` has no effect where all reads go to the primary | ',
  ],
  [
    'acks of an asynchronous primary',
    changed('    type: database', '    type: database\n    replicas: 2\n    replication: { acks: 2 }'),
    'warning 20 `replication.acks` has no effect unless the mode is semi-synchronous | ',
  ],
  [
    'a witness without a vote',
    changed('    type: database', '    type: database\n    replicas: 2\n    failover: { by: monitor, witness: true }'),
    'warning 20 `failover.witness` has no effect with a monitor: there is no vote | ',
  ],
  [
    'sessions of arrivals',
    open('    instances: 2', '    sessions: { store: memory }'),
    'warning 12 `sessions` are never found: each arrival is a new user, so every request logs in | only `users` come back',
  ],
  [
    'pins of arrivals',
    open(
      '    type: database',
      '    type: database\n    replicas: 1\n    reads: any\n    read-your-writes: { pin: 5s }',
    ),
    'warning 20 `read-your-writes` has no effect where each arrival is a new user: only `users` come back | ',
  ],
  [
    'cancellations without a timeout',
    changed('    users: 100', '    users: 100\n    timeout: none\n    cancel: true'),
    'warning 7 `cancel` has no effect without a timeout | it is sent at the timeout',
  ],
  [
    'the retry budget of a user who does not retry',
    changed('    users: 100', '    users: 100\n    retry: { attempts: 1, budget: 10% }'),
    'warning 6 `budget` has no effect without retries | attempts count the first one, too: write 2 for one retry',
  ],
  [
    'the retry budget of a call without retries',
    changed('{ read: db }', '{ read: db, retry: { attempts: 1, budget: 10% } }'),
    'warning 16 `budget` has no effect without retries | attempts count the first one, too: write 2 for one retry',
  ],
  [
    'a cache that nobody sets',
    cached('get: c, miss: [ { read: db } ]'),
    'warning 16 nothing is ever set in `c`, so every `get` is a miss | write miss: [ …, { set: c } ]',
  ],
  [
    'leases that nobody gives back',
    cached('get: c, miss: [ { read: db } ]', ', coalesce: true', '{ set: c }, '),
    'warning 16 nobody sets what is not in `c`: with `coalesce`, all others who ask for it wait for that | write miss: [ …, { set: c } ]',
  ],
])('%s', (_what, text, problem) => {
  expect(told(text)).toContain(problem);
});

test.each([
  ['either way', 'links: { app -> db: { delay: 5ms }, lb -> players: { delay: 5ms } }'],
  ['through a balancer', 'links: { players -> lb: { delay: 5ms }, lb -> app: { delay: 5ms, one-way: true } }'],
  ['among the nodes of a database', 'faults: { f: { delay: db -> db, add: 5ms, at: 1s } }'],
])('links that are used, %s, are no matter', (_how, text) => {
  expect(told(add(text))).toEqual([]);
});

test.each([
  ['after a miss', cached('get: c, miss: [ { read: db }, { set: c } ]', ', coalesce: true')],
  ['later on', cached('get: c, miss: [ { read: db } ] }, { set: c', ', coalesce: true')],
  ['by another operation', cached('get: c, miss: [ { read: db } ]', '', '{ set: c }, ')],
])('a cache that is set %s is no matter', (_when, text) => {
  expect(told(text)).toEqual([]);
});

test('what is in a cache with an assumed hit ratio is no matter', () => {
  const text = cached('get: c, miss: [ { read: db } ]').replace('capacity: 5', 'hits: 90%');
  expect(told(text)).toEqual([]);
});
