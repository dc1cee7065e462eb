/**
 * Compiles the core (sim/engine/core/, AssemblyScript) to WebAssembly and writes it, as text, into
 * sim/engine/core-binary.ts, which is part of the repository: whoever only uses Tenfold needs no compiler. A test holds
 * the two together. Run by `npm run core`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';
import { branchesIn, counting, hinted } from './core/branches.mjs';
import { profile } from './core/profile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const coreModulePath = join(root, 'sim/engine/core-binary.ts');

/** What is worth optimising is decided below, where functions still have their names. */
const options = ['-O0', '--debug', '--noAssert', '--runtime', 'stub', '--importMemory'];

/**
 * Functions that are never inlined: what is asked of the outside (the core's host.ts says why), rare draws, and parts of the loop,
 * which would not have enough registers together; and what would make these longer than an engine compiles in the time of a short
 * run, since it takes longer than in proportion for a long function.
 */
const NEVER_INLINED = [
  'host/*',
  'exponential/draw',
  'loop/handle',
  'loop/nextBound',
  'lookups/look',
  'following/received',
  'visits/bookOrQueue',
];
const ROUNDS = 3;
/** What the names of the core's functions begin with. */
const FOLDER = 'sim/engine/core/';

const { BulkMemory, BulkMemoryOpt, NontrappingFPToInt, SignExt, MutableGlobals } = binaryen.Features;
const FEATURES = BulkMemory | (BulkMemoryOpt ?? 0) | NontrappingFPToInt | SignExt | MutableGlobals;

/** What is known of a run in which nothing fails and nobody has priority: functions of core/circumstances.ts that are constants then. */
const QUIET = { isCalm: 1, hasPriorities: 0, isUndisturbed: 1, isCut: 0, isPaused: 0 };

/** The cores, and what is known of the runs they are for. */
const CORES = {
  GENERAL: {},
  QUIET: { ...QUIET, isRecorded: 0 },
  QUIET_RECORDED: { ...QUIET, isRecorded: 1 },
};

/** The text of core-binary.ts. Throws with the compiler's messages when the source does not compile. */
export async function coreModule() {
  const bytes = compiled();
  const cores = [];
  for (const [name, known] of Object.entries(CORES)) {
    cores.push(constantOf(name, await withHints(optimised(bytes, known), known.isRecorded === 1)));
  }
  return `/** The cores, compiled: made from core/ by tools/build-core.mjs, not by hand. */\n${cores.join('\n')}`;
}

/** The module of a text, with hints which way its branches rarely go, as they were counted. */
async function withHints(text, record) {
  const core = binaryOf(counting(text));
  const module = Object.keys(CORES).map((name) => constantOf(name, core));
  return binaryOf(hinted(text, await profile(module.join(''), branchesIn(text).length, record)));
}

function compiled() {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-core-'));
  try {
    const file = join(folder, 'core.wasm');
    const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
    const args = [compiler, 'sim/engine/core/loop.ts', ...options, '--outFile', file];
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the core does not compile:\n${stdout}${stderr}`);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The text of the same, for runs of which so much is known, as fast as it gets, with more of its functions inlined than usual:
 * JavaScript engines inline none, and a call costs a check of the stack and all the registers. What is rare may be inlined, too,
 * since hints put it out of the way.
 */
function optimised(bytes, known) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(80);
  binaryen.setFlexibleInlineMaxSize(200);
  for (const [name, value] of Object.entries(known)) {
    const question = module.getFunction(`${FOLDER}circumstances/${name}`);
    if (!question) throw new Error(`core/circumstances.ts has no ${name}`);
    binaryen.Function.setBody(question, module.i32.const(value));
  }
  for (const pattern of NEVER_INLINED) forbidInlining(module, `${FOLDER}${pattern}`);
  // No address is so near the end of memory that a column's place, added to it, begins again at 0: so it is part of the access.
  binaryen.setLowMemoryUnused(true);
  for (let round = 0; round < ROUNDS; round++) {
    module.optimize();
    module.runPasses(['optimize-added-constants-propagate']);
  }
  module.optimize();
  return module.emitText();
}

/** Of functions whose names fit a pattern. */
function forbidInlining(module, pattern) {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i));
  const names = functions.map((f) => binaryen.getFunctionInfo(f).name);
  const fits = pattern.endsWith('*') ? (name) => name.startsWith(pattern.slice(0, -1)) : (name) => name === pattern;
  // The compiler has already inlined what its source says so of.
  if (!names.some(fits)) throw new Error(`no function is ${pattern}`);
  binaryen.setPassArgument('no-inline', pattern);
  module.runPasses(['no-inline']);
}

function binaryOf(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(FEATURES);
  return Buffer.from(module.emitBinary());
}

function constantOf(name, bytes) {
  const text = bytes.toString('base64').replace(/=+$/, '');
  const lines = text.match(/.{1,110}/g).map((line) => `  '${line}'`);
  return `export const ${name} =\n${lines.join(' +\n')};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(coreModulePath, await coreModule());
