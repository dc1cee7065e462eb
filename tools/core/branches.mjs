/**
 * Branches of a module in WebAssembly's text format: made to be counted, and given hints which way they rarely go. Engines put
 * what is rarely done out of the way of what is done often, and keep registers for the latter (the code metadata of the
 * standard: `metadata.code.branch_hint`).
 */

/** A branch that goes one way no more often than this, of its turns, gets a hint; if there were so many. */
const RARELY = 0.1;
const ENOUGH = 16;

/** The branches of the text, in its order: where each begins, and its condition as [from, to). */
export function branchesIn(text) {
  return [...text.matchAll(/\((if|br_if \$\S+)(?=\s)/g)].map(({ 0: head, 1: kind, index }) => {
    const operands = operandsFrom(text, index + head.length);
    // An `if` begins with its type, if it has one, and its condition; of a `br_if` the condition comes last.
    if (kind !== 'if') return { at: index, condition: [...operands].at(-1) };
    const first = operands.next().value;
    return { at: index, condition: text.startsWith('(result', first[0]) ? operands.next().value : first };
  });
}

/** The operands of an instruction from a place behind its name on, as [from, to). */
function* operandsFrom(text, behind) {
  for (let from = behind; ; ) {
    while (/\s/.test(text[from])) from++;
    if (text[from] === ')') return;
    const to = endOf(text, from);
    yield [from, to];
    from = to;
  }
}

/** Behind the bracket that closes the one at `from`. */
function endOf(text, from) {
  let depth = 0;
  for (let i = from; ; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
}

/** The same module, which calls `profile.count(condition, number of the branch)` for each condition and goes where that says. */
export function counting(text) {
  const importing = ' (import "profile" "count" (func $profile.count (param i32 i32) (result i32)))';
  const edits = branchesIn(text).flatMap(({ condition: [from, to] }, i) => [
    [from, '(call $profile.count '],
    [to, ` (i32.const ${i}))`],
  ]);
  return edited(text, [['(module'.length, importing], ...edits]);
}

/** The same module with hints. `counts`: two numbers a branch, how often its condition did not hold, and did. */
export function hinted(text, counts) {
  const edits = branchesIn(text).flatMap(({ at }, i) => {
    const [not, holds] = counts.slice(2 * i, 2 * i + 2);
    const turns = not + holds;
    if (turns < ENOUGH || Math.min(not, holds) > RARELY * turns) return [];
    return [[at, `(@metadata.code.branch_hint "\\0${holds > not ? 1 : 0}") `]];
  });
  return edited(text, edits);
}

/** The text with others put in at their places. */
function edited(text, edits) {
  const pieces = [];
  let from = 0;
  for (const [at, insertion] of edits.toSorted((a, b) => a[0] - b[0])) {
    pieces.push(text.slice(from, at), insertion);
    from = at;
  }
  return pieces.join('') + text.slice(from);
}
