/**
 * Bad scenarios: each is refused (or warned about) at its place, with what is wrong and what is allowed.
 *
 * Rows are [what, scenario, "line:column message | hint" of every problem].
 */
import { describe, expect, it } from 'vitest';
import { GOOD, changed as c, told } from './kit.ts';

type Row = [string, string, string[]];

const ofSyntax: Row[] = [
  ['a tab in the indentation', c('  players:', '\tplayers:'), ['4:1 a tab in the indentation | indent with spaces']],
  [
    'bad indent',
    c('    users: 100', '   users: 100\n     x: 1'),
    ['6:7 bad indentation | entries of one map stand in the same column'],
  ],
  [
    'an unclosed quote',
    c('name: Small', 'name: "Small'),
    ['2:1 a bracket or a quote above is not closed, or this line is not indented | add the missing ], } or quote'],
  ],
  [
    'an unclosed bracket',
    c('run: { duration: 30s, warmup: 5s, seed: 1 }', 'run: { duration: 30s'),
    ['3:1 a bracket or a quote above is not closed, or this line is not indented | add the missing ], } or quote'],
  ],
  ['an empty file', '', ['1:1 the scenario is empty | a scenario needs at least name, clients and components']],
  [
    'only a comment',
    '# nothing\n\n',
    ['1:1 the scenario is empty | a scenario needs at least name, clients and components'],
  ],
  ['a scalar at the root', 'hello', ['1:1 a scenario is a map, this file holds a single value | begin with name: …']],
  ['a list at the root', '- a\n- b\n', ['1:1 a scenario is a map, this file holds a list | begin with name: …']],
  [
    'several documents',
    `${GOOD}---\n${GOOD}`,
    ['23:1 the file holds several documents | one scenario a file: remove the `---` between them'],
  ],
  [
    'UTF-16 read as UTF-8',
    [...GOOD].join('\0'),
    ['1:2 the character U+0000 is not text | is the file UTF-16 or binary? save it as UTF-8'],
  ],
  [
    'invalid UTF-8',
    c('Small', 'Sm\ufffdll'),
    ['1:9 the character U+FFFD is not text | is the file UTF-16 or binary? save it as UTF-8'],
  ],
  [
    'NUL',
    c('Small', 'Sm\0ll'),
    ['1:9 the character U+0000 is not text | is the file UTF-16 or binary? save it as UTF-8'],
  ],
  [
    'a lone surrogate',
    c('Small', 'Sm\ud800ll'),
    ['1:9 the character U+D800 is not allowed | remove it, or write it as an escape in double quotes'],
  ],
  ['an unresolved alias', c('cpu: 1ms', 'cpu: *fast'), ['16:22 the alias *fast has no anchor &fast before it']],
  [
    'a misspelt alias',
    c('{ cpu: 1ms }, { read: db }', '{ cpu: &fast 1ms }, { sleep: *fats }'),
    ['16:44 the alias *fats has no anchor &fats before it | did you mean `fast`?'],
  ],
  [
    'an alias inside its own anchor',
    c('run: {', 'run: &r { x: *r,'),
    ['2:14 the alias *r is inside its own anchor &r'],
  ],
  [
    '!!int',
    c('users: 100', 'users: !!int 100'),
    ['5:12 the tag !!int is not used here | leave it out; quote a value that must be text'],
  ],
  [
    '!!binary',
    c('Small', '!!binary aGk='),
    ['1:7 the tag !!binary is not used here | leave it out; quote a value that must be text'],
  ],
  [
    '!!set',
    c('does: {', 'does: !!set {'),
    ['7:11 the tag !!set is not used here | leave it out; quote a value that must be text'],
  ],
  [
    'custom tag',
    c('Small', '!mine Small'),
    ['1:7 the tag !mine is not used here | leave it out; quote a value that must be text'],
  ],
  [
    '%YAML 1.1',
    `%YAML 1.1\n---\n${GOOD}`,
    [
      '1:1 %YAML 1.1: scenarios are YAML 1.2 | remove the line; in YAML 1.1 values such as yes and 017 mean something else',
    ],
  ],
  [
    'a list as a key',
    `? [a, b]\n: 1\n${GOOD}`,
    ['1:3 a list or a map cannot be a key | a key is one word or a quoted text'],
  ],
  [
    'a map as a key',
    `? { a: b }\n: 1\n${GOOD}`,
    ['1:3 a list or a map cannot be a key | a key is one word or a quoted text'],
  ],
];

const ofKeys: Row[] = [
  [
    'a duplicate key',
    c('  db:\n', '  app: { type: cache, capacity: 5 }\n  db:\n'),
    ['17:3 the key `app` stands twice in this map | first at line 11, column 3'],
  ],
  [
    '1 and "1"',
    c('does: { move: 80%, look: 20% }', 'does: { 1: 80%, "1": 20% }'),
    ['7:21 the key `1` stands twice in this map | first at line 7, column 13'],
  ],
  [
    'an alias as a key',
    c('name: Small', 'name: &n Small\n*n : 1'),
    ['2:1 an alias cannot be a key | a key is one word or a quoted text'],
  ],
  [
    'two Unicode forms of one name',
    c('does: { move: 80%, look: 20% }', 'does: { "caf\u00e9": 80%, "cafe\u0301": 20% }'),
    ['7:26 the key `café` stands twice in this map | first at line 7, column 13'],
  ],
  [
    '__proto__',
    c('does: {', 'does: { __proto__: 5%,'),
    ['7:13 the key `__proto__` is not allowed | choose another name'],
  ],
  [
    'constructor.prototype',
    c('components:', 'constructor: { prototype: 1 }\ncomponents:'),
    [
      '9:1 the key `constructor` is not allowed | choose another name',
      '9:16 the key `prototype` is not allowed | choose another name',
    ],
  ],
  [
    'a merge key',
    c('    users: 100', '    <<: { users: 100 }'),
    ['5:5 the merge key `<<` is not part of YAML 1.2 | repeat the entries, or state what differs in a stage'],
  ],
  [
    'an empty key',
    c('does: {', 'does: { ~: 5%, : 5%,'),
    ['7:11 a key is empty | every value needs a name before the colon'],
  ],
];

const ofTypesAndUnits: Row[] = [
  [
    'string for number',
    c('users: 100', 'users: many'),
    ['5:12 "many" is not a count | write a count such as 5, 10k or 1M'],
  ],
  ['list for map', c('clients:\n  players:', 'clients:\n  - players:'), ['3:1 expected a map, got a list']],
  [
    'null where a value is required',
    c('users: 100', 'users:'),
    ['5:5 expected a count, got nothing (null) | write a count such as 5, 10k or 1M'],
  ],
  [
    'an empty section',
    c('thresholds:\n  latency: p(99) < 500ms', 'thresholds:'),
    ['21:1 expected a map, got nothing (null)'],
  ],
  [
    'yes',
    c('users: 100', 'users: 100\n    cancel: yes'),
    ['6:13 yes is true or false in some versions of YAML and text in others | write true, or "yes" if it is text'],
  ],
  [
    'On',
    c('users: 100', 'users: 100\n    cancel: On'),
    ['6:13 On is true or false in some versions of YAML and text in others | write true, or "On" if it is text'],
  ],
  [
    '1_000',
    c('users: 100', 'users: 1_000'),
    ['5:12 1_000: numbers are written without underscores | write 1000, or "1_000" if it is text'],
  ],
  ['1,000', c('users: 100', 'users: 1,000'), ['5:12 "1,000" is not a count | write 1000 or 1k']],
  [
    '1,000 between braces',
    c('{ type: balancer, targets: app }', '{ type: balancer, targets: app, retries: 1,000 }'),
    ['10:50 unknown key `000` | a comma separates entries here: write 1000 or 1k'],
  ],
  [
    '017',
    c('users: 100', 'users: 017'),
    ['5:12 017: a number with leading zeros is octal to some readers | write 17, or "017" if it is text'],
  ],
  [
    '0x',
    c('users: 100', 'users: 0x1F'),
    ['5:12 0x1F: hexadecimal numbers are not used here | write a decimal number, or "0x1F" if it is text'],
  ],
  [
    '12:30:45',
    c('duration: 30s', 'duration: 12:30:45'),
    [
      '2:18 12:30:45: a number with colons is base 60 to some readers | write a decimal number, or "12:30:45" if it is text',
    ],
  ],
  [
    'a duration without unit',
    c('duration: 30s', 'duration: 30'),
    ['2:18 a duration needs a unit, got 30 | write 30ms or 30s'],
  ],
  [
    'a quoted duration without unit',
    c('duration: 30s', 'duration: "30"'),
    ['2:18 a duration needs a unit, got "30" | write 30ms or 30s'],
  ],
  [
    '10 m',
    c('duration: 30s', 'duration: 10 m'),
    ['2:18 "10 m" is not a duration | write 10m (minutes) or 10ms, digits and unit without spaces'],
  ],
  ['10M', c('duration: 30s', 'duration: 10M'), ['2:18 "M" is not a unit of duration | did you mean 10m or 10ms?']],
  ['5msec', c('cpu: 1ms', 'cpu: 5msec'), ['16:22 "msec" is not a unit of duration | did you mean 5ms?']],
  [
    '1.5ns',
    c('cpu: 1ms', 'cpu: 1.5ns'),
    ['16:22 "1.5ns" is finer than a nanosecond | use a whole number of the smallest unit'],
  ],
  [
    'unit',
    c('cpu: 1ms', 'cpu: 5 parsecs'),
    ['16:22 "parsecs" is not a unit of duration | allowed: ns, us, ms, s, m, h, d'],
  ],
  [
    '150%',
    c('move: [', 'move: [ { fail: 150% },'),
    ['15:23 "150%" is more than 100% | write a per cent such as 5% or 0.1%'],
  ],
  [
    'bare ratio',
    c('move: [', 'move: [ { fail: 0.05 },'),
    ['15:23 a per cent needs its sign, got 0.05 | write 5% or 0.05%'],
  ],
  [
    'bare ratio 5',
    c('move: [', 'move: [ { fail: 5 },'),
    ['15:23 a per cent needs its sign, got 5 | write 5% or 0.05%'],
  ],
  [
    'KB',
    c('    instances: 2', '    instances: 2\n    machine: { cores: 1, memory: 512KB }'),
    ['14:34 "KB" is not a unit of size | did you mean 512KiB or 512kB?'],
  ],
  [
    '8G',
    c('    instances: 2', '    instances: 2\n    machine: { cores: 1, memory: 8G }'),
    ['14:34 "G" is not a unit of size | did you mean 8GiB or 8GB?'],
  ],
  [
    'price',
    c('    instances: 2', '    instances: 2\n    price: 70'),
    ['14:12 a price needs a period, got 70 | write 70/month or 70/h'],
  ],
  [
    'preset',
    c('    instances: 2', '    instances: 2\n    machine: m5.lrge'),
    ['14:14 "m5.lrge" is not allowed here | did you mean `m5.large`?'],
  ],
  [
    'replcas',
    c('    read: { cpu: 2ms }', '    replcas: 2\n    read: { cpu: 2ms }'),
    ['19:5 unknown key `replcas` | did you mean `replicas`?'],
  ],
  ['common', c('    instances: 2', '    instnces: 2'), ['13:5 unknown key `instnces` | did you mean `instances`?']],
  ['root key', c('clients:', 'client: 1\nclients:'), ['3:1 unknown key `client` | did you mean `clients`?']],
  [
    'a root key like no other',
    c('clients:', 'xyzzy: 1\nclients:'),
    [
      '3:1 unknown key `xyzzy` | allowed: clients, components, faults, links, name, network, regions, run, stages, teaches, thresholds',
    ],
  ],
  ['the list of stages', `${GOOD}stage:\n  - { name: a }\n`, ['23:1 unknown key `stage` | did you mean `stages`?']],
  [
    'a quantity that begins with >',
    c('latency: p(99) < 500ms', 'availability: >= 99%'),
    ['22:18 a text that begins with > or | must be quoted | for example ">= 99%"'],
  ],
  ['steps verb', c('{ write: db }', '{ wirte: db }'), ['15:48 unknown key `wirte` | did you mean `write`?']],
  [
    'two verbs',
    c('{ cpu: 1ms }, { read: db }', '{ cpu: 1ms, read: db }'),
    ['16:15 a step has one verb, this one has cpu and read | write each as a list item of its own'],
  ],
  [
    'option',
    c('{ cpu: 1ms }', '{ cpu: 1ms, timeout: 2s }'),
    ['16:36 `timeout` does not go with `cpu` | cpu takes no options'],
  ],
  ['scalar step', c('{ cpu: 1ms }', 'cpu'), ['16:15 expected a map, got "cpu"']],
];

const ofRanges: Row[] = [
  [
    'negative',
    c('cpu: 1ms', 'cpu: -1ms'),
    ['16:22 a duration cannot be negative, got "-1ms" | write a duration such as 5ms or 5s'],
  ],
  [
    'zero cores',
    c('    instances: 2', '    instances: 2\n    machine: { cores: 0 }'),
    ['14:23 0 is too small | at least 1'],
  ],
  ['zero capacity', c('    users: 100', '    users: 0'), ['5:12 0 is too small | at least 1']],
  [
    'a probability above 1',
    c('move: [', 'move: [ { fail: 100.1% },'),
    ['15:23 "100.1%" is more than 100% | write a per cent such as 5% or 0.1%'],
  ],
  ['weights', c('look: 20%', 'look: 30%'), ['7:5 weights add up to 110%, not 100%']],
  [
    'weights thirds',
    c('does: { move: 80%, look: 20% }', 'does: { move: 33.3%, look: 66.6% }'),
    ['7:5 weights add up to 99.9%, not 100%'],
  ],
  [
    'nan',
    c('users: 100', 'users: .nan'),
    ['5:12 .nan: "not a number" is not a value here | write a decimal number, or ".nan" if it is text'],
  ],
  [
    'inf',
    c('users: 100', 'users: .inf'),
    ['5:12 .inf: infinity is not a value here | write a decimal number, or ".inf" if it is text'],
  ],
  [
    'a number beyond doubles',
    c('users: 100', 'users: 1e400'),
    ['5:12 1e400 is too large a number | at most 9007199254740991'],
  ],
  [
    'a number that doubles cannot hold',
    c('users: 100', 'users: 9007199254740993'),
    ['5:12 9007199254740993 is too large to be kept exactly | at most 9007199254740991; quote it if it is text'],
  ],
  ['-0', c('users: 100', 'users: -0'), ['5:12 minus zero is not a value here | write 0']],
  ['105d', c('duration: 30s', 'duration: 105d'), ['2:18 "105d" is too large | at most 104d']],
  [
    '1e9 replicas',
    c('    read: { cpu: 2ms }', '    replicas: 1000000000\n    read: { cpu: 2ms }'),
    ['19:15 1000000000 is too large | at most 1000'],
  ],
  [
    'neg deviation',
    c('{ exponential: 5s }', '{ lognormal: { mean: 5s, cv: -1 } }'),
    ['6:41 -1 is too small | must be above 0'],
  ],
  [
    'pareto',
    c('{ exponential: 5s }', '{ pareto: { scale: 1s, shape: 1 } }'),
    ['6:42 a Pareto distribution with shape 1 has an infinite mean | use a shape above 1'],
  ],
  [
    'quorum',
    c('    read: { cpu: 2ms }', '    quorum: { n: 3, r: 4, w: 2 }\n    read: { cpu: 2ms }'),
    ['19:24 r 4 is above n 3 | a read cannot wait for more answers than there are copies'],
  ],
  [
    'min max',
    c('    instances: 2', '    instances: 2\n    autoscale: { min: 5, max: 3, cpu: 60% }'),
    ['14:23 min 5 is above max 3'],
  ],
];

const ofDistributions: Row[] = [
  [
    'two dists',
    c('{ exponential: 5s }', '{ exponential: 5s, uniform: [1s, 2s] }'),
    [
      '6:5 only one distribution may be given | in a stage, null removes the other: { exponential: null, uniform: [1ms, 3ms] }',
    ],
  ],
  [
    'dist name',
    c('{ exponential: 5s }', '{ exponental: 5s }'),
    ['6:14 unknown key `exponental` | did you mean `exponential`?'],
  ],
  [
    'dist value',
    c('{ exponential: 5s }', '{ exponential: 5 }'),
    ['6:27 a duration needs a unit, got 5 | write 5ms or 5s'],
  ],
  [
    'uniform',
    c('{ exponential: 5s }', '{ uniform: [3s, 2s] }'),
    ['6:14 the lower end of a uniform distribution is above its upper end | write the smaller value first'],
  ],
  ['uniform1', c('{ exponential: 5s }', '{ uniform: [3s] }'), ['6:14 the list has too few items: at least 2']],
  [
    'lognormal',
    c('{ exponential: 5s }', '{ lognormal: { mean: 5s, p99: 3s } }'),
    [
      '6:14 a lognormal needs mean and cv, or p50 and p99 | { lognormal: { mean: 5ms, cv: 2 } } or { lognormal: { p50: 3ms, p99: 20ms } }',
    ],
  ],
];

const ofReferencesAndTopology: Row[] = [
  ['unknown comp', c('{ write: db }', '{ write: bd }'), ['15:55 unknown component `bd` | did you mean `db`?']],
  ['case', c('{ write: db }', '{ write: DB }'), ['15:55 unknown component `DB` | did you mean `db`?']],
  ['entry', c('entry: lb', 'entry: lbb'), ['8:12 unknown component `lbb` | did you mean `lb`?']],
  ['target', c('targets: app', 'targets: aap'), ['10:25 unknown component `aap` | did you mean `app`?']],
  ['type', c('type: server', 'type: servr'), ['12:11 unknown component type "servr" | did you mean `server`?']],
  [
    'no type',
    c('    type: server\n', ''),
    ['11:3 a component needs a `type` | one of server, balancer, database, cache'],
  ],
  [
    'On',
    c('    instances: 2', '    instances: 2\n    on: bdd'),
    ['14:9 unknown component `bdd` | allowed: app, db, lb'],
  ],
  [
    'an alias inside its own anchor',
    c('{ cpu: 1ms }', '{ call: app, op: move }'),
    ['16:23 `app` calls itself | put the steps of the other operation here instead'],
  ],
  [
    'repetitions of repetitions',
    c('look: [ { cpu: 1ms }', 'look: [ { repeat: 30000, steps: [ { repeat: 30000, steps: [ { cpu: 1ns } ] } ] }'),
    [
      '16:7 `look` has 900000001 steps with all that is repeated written out | at most 100000; one step that takes longer stands for many short ones',
    ],
  ],
  [
    'repetitions of copies',
    c(
      'look: [ { cpu: 1ms }',
      'look: [ { repeat: 11, steps: [ { parallel: { times: 10000, steps: [ { cpu: 1ns } ] } } ] }',
    ),
    [
      '16:7 `look` has 110012 steps with all that is repeated written out | at most 100000; one step that takes longer stands for many short ones',
    ],
  ],
  ['as many as may be', c('look: [ { cpu: 1ms }', 'look: [ { repeat: 99999, steps: [ { cpu: 1ns } ] }'), []],
  [
    'cycle',
    c('{ cpu: 1ms }', '{ call: lb }'),
    ['16:23 this call never ends: lb → app.look → lb | a synchronous call must not come back to where it began'],
  ],
  [
    'cycle2',
    c('{ cpu: 1ms }, { read: db }', '{ call: b }').replace(
      '  db:\n',
      '  b: { type: server, operations: { look: [ { call: lb, op: look } ] } }\n  db:\n',
    ),
    [
      '17:52 this call never ends: lb → app.look → b.look → lb | a synchronous call must not come back to where it began',
    ],
  ],
  [
    'unreachable',
    c('  db:\n', '  spare: { type: cache, capacity: 10 }\n  db:\n'),
    ['17:3 nothing ever calls `spare` | no population reaches it'],
  ],
  [
    'no traffic',
    GOOD.replace(/clients:[^]*components:/, 'clients: {}\ncomponents:'),
    ['3:1 a scenario needs at least one population of clients'],
  ],
  ['no clients', GOOD.replace(/clients:[^]*components:/, 'components:'), ['1:1 `clients` is missing']],
  [
    'verb',
    c('{ read: db }', '{ get: db }'),
    ['16:36 `get` does not go with `db`, a database | a database serves read, write'],
  ],
  [
    'call db',
    c('{ read: db }', '{ call: db }'),
    ['16:37 `call` does not go with `db`, a database | a database serves read, write'],
  ],
  [
    'op',
    c('{ cpu: 1ms }', '{ call: b, op: loook }').replace(
      '  db:\n',
      '  b: { type: server, operations: { look: [ { cpu: 1ms } ] } }\n  db:\n',
    ),
    ['16:30 `b` has no operation `loook` | did you mean `look`?'],
  ],
  [
    'same op',
    c('{ cpu: 1ms }', '{ call: b }').replace(
      '  db:\n',
      '  b: { type: server, operations: { other: [ { cpu: 1ms } ] } }\n  db:\n',
    ),
    ['16:23 `b` has no operation `look` | without `op`, the operation of the same name is called; allowed: other'],
  ],
  [
    'does',
    c('does: { move: 80%, look: 20% }', 'does: { mvoe: 80%, look: 20% }'),
    ['7:13 `lb` has no operation `mvoe` | did you mean `move`?'],
  ],
  [
    'link twice',
    c('components:', 'links:\n  lb -> app: { delay: 1ms }\n  app -> lb: { delay: 2ms }\ncomponents:'),
    ['11:3 the link `app -> lb` is declared twice | also by `lb -> app`; a link holds both ways unless one-way: true'],
  ],
  [
    'link end',
    c('components:', 'links:\n  lb -> ap: { delay: 1ms }\ncomponents:'),
    ['10:3 unknown component `ap` | did you mean `app`?'],
  ],
  [
    'link form',
    c('components:', 'links:\n  lb to app: { delay: 1ms }\ncomponents:'),
    ['10:3 a link is written `from -> to`'],
  ],
  [
    'case names',
    c('  db:\n', '  App: { type: server, operations: { look: [ { cpu: 1ms } ] } }\n  db:\n'),
    ['11:3 `app` and `App` differ only by case | rename one of them'],
  ],
  ['client=comp', c('  players:', '  app:'), ['4:3 `app` is both a component and a population | rename one of them']],
  [
    '# name',
    c('  db:\n', '  "a#1": { type: server, operations: { look: [ { cpu: 1ms } ] } }\n  db:\n'),
    ['17:3 a name holds neither # nor -> nor line breaks, nor blanks at its ends'],
  ],
];

const ofFaults: Row[] = [
  [
    'fault target',
    `${GOOD}faults:\n  f: { crash: ap, at: 5s }\n`,
    ['24:15 unknown component `ap` | did you mean `app`?'],
  ],
  [
    'fault inst',
    `${GOOD}faults:\n  f: { crash: app#3, at: 5s }\n`,
    ['24:15 `app` has 2 instances, there is no #3 | write app#1 … app#2'],
  ],
  [
    'fault after',
    `${GOOD}faults:\n  f: { crash: app, at: 30s }\n`,
    [
      '24:24 the fault comes after the end of the run | fault times count from the end of the warm-up; make `run.duration` longer',
    ],
  ],
  [
    'fault neg',
    `${GOOD}faults:\n  f: { crash: app, at: 5s, for: -1s }\n`,
    ['24:33 a duration cannot be negative, got "-1s" | write a duration such as 5ms or 5s'],
  ],
  [
    'overlap',
    `${GOOD}faults:\n  f: { crash: app, at: 5s, for: 10s }\n  g: { crash: app#2, at: 10s }\n`,
    ['25:26 `app#2` is already down then | because of the fault `f`'],
  ],
  [
    'repair',
    `${GOOD}faults:\n  f: { crash: app, at: 5s, repair: 3s }\n`,
    ['24:36 `repair` needs `every` | use `for` with `at`'],
  ],
  [
    'sides',
    `${GOOD}faults:\n  f: { partition: [[app, db], [app#2]], at: 5s }\n`,
    ['24:32 `app#2` is on both sides of the partition | each instance stands on one side'],
  ],
  ['kind', `${GOOD}faults:\n  f: { crsh: app, at: 5s }\n`, ['24:8 unknown key `crsh` | did you mean `crash`?']],
  [
    'nokind',
    `${GOOD}faults:\n  f: { at: 5s }\n`,
    ['24:3 what goes wrong? | exactly one of crash, slow, delay, lose, partition'],
  ],
  [
    'when',
    `${GOOD}faults:\n  f: { crash: app }\n`,
    ['24:3 when does the fault happen? | write at: 30s, or every: and repair:'],
  ],
  ['factor', `${GOOD}faults:\n  f: { crash: app, at: 5s, factor: 3 }\n`, ['24:36 `factor` does not go with `crash`']],
  [
    'fault link',
    `${GOOD}faults:\n  f: { lose: app -> dbb, probability: 5%, at: 5s }\n`,
    ['24:14 unknown component `dbb` | did you mean `db`?'],
  ],
];

const ofThresholds: Row[] = [
  ['metric', c('latency: p(99)', 'latncy: p(99)'), ['22:3 unknown key `latncy` | did you mean `latency`?']],
  [
    'p101',
    c('p(99)', 'p(101)'),
    ['22:12 p(101) is not a percentile | between 0 and 100, for example p(99) or p(99.9); use max for the largest'],
  ],
  ['agg', c('p(99)', 'avg'), ['22:12 unknown aggregate avg | did you mean mean?']],
  ['noagg', c('p(99) <', '<'), ['22:12 a distribution needs an aggregate | write p(99) < …, mean < … or max < …']],
  ['op', c('p(99) <', 'p(99) ='), ['22:12 = is not an operator | did you mean ==?']],
  ['limit', c('< 500ms', '< 500'), ['22:12 a duration needs a unit, got 500 | write 500ms or 500s']],
  [
    'grammar',
    c('p(99) < 500ms', 'fast'),
    ['22:12 "fast" is not an expectation | [aggregate] operator limit, for example p(99) < 500ms'],
  ],
  [
    'avail',
    c('latency: p(99) < 500ms', "availability: '>= 99.9'"),
    ['22:17 a per cent needs its sign, got 99.9 | write 99.9% or 0.999%'],
  ],
  [
    'comp metric',
    `${GOOD}  components: { db: { hitRatio: '> 90%' } }\n`,
    [
      '23:23 a database has no metric `hitRatio` | allowed: arrivals, completed, cost, errors, queueMax, queueMean, replicationLagMs, serviceMs, sojourn, staleReads, utilization, utilizationBusiest, waitMs',
    ],
  ],
  [
    'comp unknown',
    `${GOOD}  components: { dbb: { utilization: '< 90%' } }\n`,
    ['23:17 unknown component `dbb` | did you mean `db`?'],
  ],
  [
    'comp metric2',
    `${GOOD}  components: { db: { utilisation: '< 90%' } }\n`,
    ['23:23 unknown key `utilisation` | did you mean `utilization`?'],
  ],
  [
    'op unknown',
    `${GOOD}  operations: { mov: { latency: 'p(99) < 1s' } }\n`,
    ['23:17 no population does `mov` | did you mean `move`?'],
  ],
  [
    'failover',
    `${GOOD}  failover: { rto: '< 30s' }\n`,
    ['23:3 the stage has no faults, so this has no data and fails'],
  ],
  ['number thr', c('p(99) < 500ms', '5'), ['22:12 expected text or a list, got 5']],
];

const ofRunAndClients: Row[] = [
  [
    'warmup',
    c('warmup: 5s', 'warmup: 30s'),
    ['2:31 the warm-up must be shorter than the duration | the duration counts from the end of the warm-up'],
  ],
  [
    'users+arrivals',
    c('    users: 100', '    users: 100\n    arrivals: { poisson: 5/s }'),
    ['4:3 a population has either users or arrivals | write users: 100 (closed) or arrivals: { poisson: 80/s } (open)'],
  ],
  [
    'none',
    c('    users: 100\n    think: { exponential: 5s }\n', ''),
    ['4:3 a population has either users or arrivals | write users: 100 (closed) or arrivals: { poisson: 80/s } (open)'],
  ],
  [
    'rate',
    c('    users: 100\n    think: { exponential: 5s }', '    arrivals: { poisson: 80 }'),
    ['5:26 a rate needs a unit, got 80 | write 80/s or 80/min'],
  ],
  [
    'rate2',
    c('    users: 100\n    think: { exponential: 5s }', '    arrivals: { poisson: 80/sec }'),
    ['5:26 "/sec" is not a unit of rate | did you mean 80/s?'],
  ],
];

const ofStages: Row[] = [
  ['stages map', `${GOOD}stages: { a: 1 }\n`, ['23:9 stages are a list | write - { name: … } for each']],
  ['stage no name', `${GOOD}stages:\n  - { clients: { players: { users: 1k } } }\n`, ['24:5 `name` is missing']],
  [
    'stage place',
    `${GOOD}stages:\n  - { name: a }\n  - { name: b, clients: { players: { users: 1K } } }\n  - { name: c }\n`,
    ['25:45 "K" is not a suffix of a count | did you mean 1k?'],
  ],
  [
    'stage dup',
    `${GOOD}stages:\n  - { name: a }\n  - { name: a }\n`,
    ['25:13 two stages are named `a` | names tell stages apart'],
  ],
  [
    'stage dist',
    `${GOOD}stages:\n  - { name: a, clients: { players: { think: { uniform: [1s, 2s] } } } }\n`,
    [
      '6:5 only one distribution may be given | in a stage, null removes the other: { exponential: null, uniform: [1ms, 3ms] }',
    ],
  ],
  [
    'stage typo',
    `${GOOD}stages:\n  - { name: a, componets: {} }\n`,
    ['24:16 unknown key `componets` | did you mean `components`?'],
  ],
  [
    'stage expectation',
    `${GOOD}stages:\n  - { name: a, expct: break }\n`,
    ['24:16 unknown key `expct` | did you mean `expect`?'],
  ],
  ['stage scalar', `${GOOD}stages: [ a ]\n`, ['23:11 a stage is a map | write - { name: … }']],
];

const ofSettingsOfOneType: Row[] = [
  [
    'pool',
    c('    instances: 2', '    instances: 2\n    pools: { lb: { size: 3 } }'),
    ['14:14 no step uses the pool towards `lb`'],
  ],
  [
    'priorities',
    c('    instances: 2', '    instances: 2\n    priorities: { mov: 3 }'),
    ['14:24 no operation `mov` | operations: look, move'],
  ],
  [
    'lb weights',
    c('targets: app', 'targets: app, weights: [1, 2, 3]'),
    ['10:39 3 weights for the 2 instances of `app`'],
  ],
  [
    'a base beyond its machine',
    c('    instances: 2', '    machine: { memory: 1GiB }\n    memory: { base: 2GiB }'),
    [
      '14:21 `app` does not fit into the 1024MiB of its machine | write a smaller base, or machine: { memory: 2048MiB } or more at `app`',
    ],
  ],
  [
    'a base beyond what is left of a machine of another',
    c(
      '    instances: 2',
      '    memory: { base: 3GiB }',
      c(
        '  db:\n',
        '  tool: { type: server, on: app, memory: { base: 2GiB }, operations: { look: [ { cpu: 1ms } ] } }\n  db:\n',
      ),
    ),
    [
      '17:50 `tool` does not fit into the 4096MiB of the machine of `app` beside the others on it | write a smaller base, or machine: { memory: 5120MiB } or more at `app`',
    ],
  ],
  [
    'db instances',
    c('    read: { cpu: 2ms }', '    instances: 3\n    read: { cpu: 2ms }'),
    ['19:16 a database has no `instances` | its own settings say how many nodes it has'],
  ],
  [
    'machine+on',
    c('    instances: 2', '    instances: 2\n    on: db\n    machine: { cores: 2 }'),
    ["15:5 `machine` and `on` exclude each other | a component has its own machine or stands on another's"],
  ],
  [
    'policy',
    c('targets: app', 'targets: app, policy: least-conn'),
    ['10:47 "least-conn" is not allowed here | did you mean `least-connections`?'],
  ],
  [
    'no such number',
    c('targets: app', 'targets: app, policy: 3'),
    [
      '10:47 3 is not allowed here | allowed: round-robin, weighted, random, least-connections, two-random, key-hash, consistent-hash',
    ],
  ],
  [
    'component.operation',
    c('{ read: db }', '{ read: db.read }'),
    ['16:37 unknown component `db.read` | write db alone; a call names an operation with op'],
  ],
  [
    'policy2',
    c('targets: app', 'targets: app, policy: { random: 3 }'),
    ['10:49 unknown key `random` | did you mean `random-of`?'],
  ],
  ['sticky', c('targets: app', 'targets: app, sticky: 30m'), ['10:47 expected true or false or a map, got "30m"']],
  [
    'timeout',
    c('entry: lb', 'entry: lb\n    timeout: never'),
    ['9:14 "never" is not a duration | write a duration such as 5ms or 5s; or none'],
  ],
  ['name number', c('name: Small', 'name: 5'), ['1:7 expected text, got 5 | quote it: "5"']],
  ['rpc', c('cpu: 3ms', 'cpu: [3ms]'), ['20:14 expected a duration, got a list | write a duration such as 5ms or 5s']],
  ['retry', c('entry: lb', 'entry: lb\n    retry: 3'), ['9:12 expected a map, got 3']],
  [
    'budget',
    c('entry: lb', 'entry: lb\n    retry: { attempts: 3, budget: 10 }'),
    ['9:35 a per cent needs its sign, got 10 | write 10% or 0.1%'],
  ],
];

describe.each([
  ['Syntax', ofSyntax],
  ['Keys', ofKeys],
  ['Types and units', ofTypesAndUnits],
  ['Ranges', ofRanges],
  ['Distributions', ofDistributions],
  ['References and topology', ofReferencesAndTopology],
  ['Faults', ofFaults],
  ['Thresholds', ofThresholds],
  ['Run and clients', ofRunAndClients],
  ['Stages', ofStages],
  ['Settings of one type', ofSettingsOfOneType],
] as [string, Row[]][])('%s', (_group, rows) => {
  it.each(rows)('%s', (_what, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});
