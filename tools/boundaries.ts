/**
 * The rules between the rooms of the code: who may import whom, and what the pure rooms may not use at all.
 *
 * Read from the syntax tree, so that a word in a comment or a string is no offence.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

/** One offence: where, and what is wrong with it. */
export interface Offence {
  file: string;
  line: number;
  message: string;
}

/**
 * What each room may import: path prefixes inside the repository. The longest prefix that fits a file is its room. A room
 * that is not named here may import nothing, so a new room has to be written down first.
 */
const rooms: Record<string, { may: readonly string[]; packages: readonly string[] }> = {
  'cli.ts': { may: ['cli/'], packages: [] },
  'cli/': {
    may: ['cli/', 'reports/'],
    packages: ['node:', 'cli-progress', 'cli-table3', 'js-yaml', 'picocolors', 'yargs'],
  },
  // The one file through which the command line sees the simulator.
  'cli/simulator.ts': { may: ['sim/index.ts'], packages: [] },
  'reports/': { may: ['reports/', 'sim/index.ts'], packages: ['cli-table3', 'junit-report-builder', 'picocolors'] },
  'viz/': {
    may: [
      'viz/',
      'sim/index.ts',
      'sim/recording/',
      'sim/result.ts',
      'reports/format.ts',
      'reports/outcome.ts',
      'reports/failover-story.ts',
    ],
    packages: ['d3', 'd3-', '@dagrejs/dagre'],
  },
  // Runs the simulator itself, and reads and writes scenarios around it.
  'viz/playground/': {
    may: ['viz/', 'sim/index.ts', 'sim/recording/', 'reports/'],
    packages: ['d3', 'js-yaml', 'zod'],
  },
  'bench/': { may: ['bench/', 'sim/'], packages: ['node:'] },
  'sim/': { may: ['sim/'], packages: [] },
  'sim/random/': { may: ['sim/random/'], packages: ['@stdlib/', 'seedrandom'] },
  'sim/statistics/': { may: ['sim/statistics/', 'sim/random/'], packages: ['@stdlib/'] },
  'sim/engine/': {
    may: ['sim/engine/', 'sim/random/', 'sim/statistics/', 'sim/workload/'],
    packages: ['@stdlib/'],
  },
  'sim/workload/': {
    may: ['sim/workload/', 'sim/engine/', 'sim/random/', 'sim/statistics/'],
    packages: ['@stdlib/'],
  },
  'sim/faults/': {
    may: ['sim/faults/', 'sim/compile/', 'sim/engine/', 'sim/random/', 'sim/scenario/places.ts', 'sim/statistics/'],
    packages: ['@stdlib/'],
  },
  'sim/recording/': {
    may: ['sim/recording/', 'sim/compile/', 'sim/engine/', 'sim/statistics/', 'sim/workload/'],
    packages: [],
  },
  // Knows what an actor is, and none of them.
  'sim/compile/': {
    may: [
      'sim/compile/',
      'sim/engine/',
      'sim/faults/',
      'sim/random/',
      'sim/scenario/encodings.ts',
      'sim/scenario/places.ts',
      'sim/statistics/',
      'sim/workload/',
    ],
    packages: ['zod'],
  },
  'sim/results/': {
    may: [
      'sim/results/',
      'sim/compile/',
      'sim/engine/',
      'sim/faults/target.ts',
      'sim/random/',
      'sim/statistics/',
      'sim/workload/',
    ],
    packages: ['@stdlib/'],
  },
  // The schema of an actor's settings is made of the words that all schemas share.
  'sim/actors/': {
    may: [
      'sim/actors/',
      'sim/compile/',
      'sim/engine/',
      'sim/random/',
      'sim/statistics/',
      'sim/workload/',
      'sim/scenario/fields',
      'sim/scenario/places.ts',
      'sim/scenario/units.ts',
      'sim/scenario/users.ts',
    ],
    packages: ['@stdlib/', 'zod'],
  },
  'sim/scenario/': {
    may: [
      'sim/scenario/',
      'sim/actors/',
      'sim/engine/',
      'sim/random/',
      'sim/statistics/',
      'sim/workload/',
      'sim/faults/',
    ],
    packages: ['@stdlib/', 'js-yaml', 'zod'],
  },
};

/** Types that every room of the simulator shares: the resolved scenario and the result. They cost nothing at run time. */
const sharedTypes = ['sim/scenario/settings.ts', 'sim/result.ts'];

/** Rooms whose output must be the same on every machine: nothing of the host, nothing that engines compute differently. */
const pureRooms = ['sim/', 'reports/'];

/** Exact by the language's definition. All other functions of Math may differ in the last bits between engines. */
const exactMath = new Set(
  [
    ['floor', 'ceil', 'trunc', 'round', 'sign', 'abs', 'min', 'max', 'sqrt', 'imul', 'clz32', 'fround'],
    ['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'],
  ].flat(),
);

const bannedGlobals = new Set(
  [
    ['Date', 'Intl', 'performance', 'crypto', 'process', 'console', 'Buffer', 'globalThis', 'window', 'self', 'global'],
    ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame', 'fetch', 'require'],
    ['eval', 'Function', 'WeakRef', 'FinalizationRegistry'],
  ].flat(),
);

const bannedMembers = new Set(['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase']);

/** Every offence of one file. `path` is relative to the repository, with forward slashes. */
export function offencesOf(path: string, source: string): Offence[] {
  const tree = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const offences: Offence[] = [];
  const report = (node: ts.Node, message: string | null) => {
    if (message === null) return;
    offences.push({ file: path, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, message });
  };
  const isPure = pureRooms.some((room) => path.startsWith(room));
  const own = declaredNames(tree);
  const visit = (node: ts.Node): void => {
    const imported = importOf(node);
    if (imported) report(node, importOffence(path, imported.name, imported.isType));
    if (isPure && !(ts.isIdentifier(node) && own.has(node.text))) report(node, impurity(node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return offences;
}

/**
 * Names that the file declares itself: a `process` of its own is not Node's. (Scopes are not told apart; the compiler,
 * which sees sim/ without the types of any host, does the rest.)
 */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node);
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return names;
}

/** The module that a node imports or re-exports, if it does. */
function importOf(node: ts.Node): { name: string; isType: boolean } | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { name: node.moduleSpecifier.text, isType: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { name: node.moduleSpecifier.text, isType: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { name: node.argument.literal.text, isType: true };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return { name: ts.isStringLiteral(argument) ? argument.text : '(computed)', isType: false };
  }
  return null;
}

function importOffence(path: string, name: string, isType: boolean): string | null {
  const prefix = Object.keys(rooms)
    .filter((room) => path.startsWith(room))
    .reduce((longest, room) => (room.length > longest.length ? room : longest), '');
  const room = rooms[prefix];
  if (!room) return `stands in no known room, so it may import nothing; name the room in tools/boundaries.ts`;
  if (!name.startsWith('.')) {
    const isNode = name.startsWith('node:') || builtinModules.includes(name);
    const isAllowed = isType || room.packages.some((known) => matches(isNode ? `node:${name}` : name, known));
    return isAllowed && (!isNode || room.packages.includes('node:'))
      ? null
      : `${prefix} may not import the package ${name}`;
  }
  const target = posix.join(posix.dirname(path), name);
  if (isType && target.startsWith('sim/') && isShared(path, target)) return null;
  return room.may.some((allowed) => target.startsWith(allowed)) ? null : `${prefix} may not import ${target}`;
}

/** The package itself, its subpaths (`zod/v4`), or, for a known prefix (`@stdlib/`, `d3-`), what begins with it. */
function matches(name: string, known: string): boolean {
  return /[/:-]$/.test(known) ? name.startsWith(known) : name === known || name.startsWith(`${known}/`);
}

function isShared(path: string, target: string): boolean {
  return sharedTypes.includes(target) && (path.startsWith('sim/') || path.startsWith('reports/'));
}

/** What is wrong with a node in a pure room; null when nothing is. */
function impurity(node: ts.Node): string | null {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isPower = kind === ts.SyntaxKind.AsteriskAsteriskToken || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
    // Of two bigints it is exact; `10n ** 3n` is how one sees that.
    return isPower && !ts.isBigIntLiteral(node.left)
      ? '`**` differs between engines; use @stdlib/math-base-special-pow'
      : null;
  }
  if (ts.isPropertyAccessExpression(node) && bannedMembers.has(node.name.text)) {
    return `${node.name.text} depends on the locale of the machine; compare by code unit`;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'seedrandom') {
    return node.arguments.length === 0 ? 'seedrandom() without a seed draws on the machine' : null;
  }
  return ts.isIdentifier(node) && isFreeName(node) ? badName(node) : null;
}

function badName(node: ts.Identifier): string | null {
  if (node.text === 'Math') {
    const member =
      ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node ? node.parent.name.text : null;
    if (member === null) return 'Math may only be used as Math.name, so that this rule sees which';
    return exactMath.has(member)
      ? null
      : `Math.${member} is not the same on every engine; see @stdlib/math-base-special-*`;
  }
  return bannedGlobals.has(node.text) ? `${node.text} is not for a pure room: no clock, no host, no locale` : null;
}

/** Not the name of a member, a property, a parameter in a type: a name that is looked up in the scope. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return (ts.isPropertyAccessExpression(parent) ? parent.expression : parent.left) === node;
  }
  const isNamedMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isEnumMember(parent);
  return !(isNamedMember && parent.name === node);
}
