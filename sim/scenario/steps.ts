/**
 * Walking through the steps of an operation, branches included, with the path each was written at.
 */
import type { Step } from './settings.ts';

export type StepPath = (string | number)[];

/** The lists of steps inside a step, with their paths relative to it. */
function nested(step: Step, as: 'written' | 'copies'): [StepPath, Step[]][] {
  const inner: [StepPath, Step[]][] = [];
  if (step.verb === 'get') inner.push([['hit'], step.hit], [['miss'], step.miss]);
  if ('otherwise' in step && step.otherwise !== null) inner.push([['else'], step.otherwise]);
  if (step.verb === 'repeat') inner.push([['steps'], step.steps]);
  if (step.verb === 'choose')
    for (const branch of step.branches) inner.push([['choose', branch.name, 'steps'], branch.steps]);
  if (step.verb === 'parallel') {
    // `parallel: { times, steps }` gives the same list so many times; it was written once.
    const copies = as === 'written' && step.branches.length > 1 && step.branches[0] === step.branches[1];
    if (copies) inner.push([['parallel', 'steps'], step.branches[0]]);
    else for (const [index, branch] of step.branches.entries()) inner.push([['parallel', index], branch]);
  }
  return inner;
}

/**
 * Calls `visit` for every step, depth first, in the order of the file. The copies of a `parallel` are visited once, as
 * they are written, or all of them.
 */
export function walkSteps(
  steps: readonly Step[],
  path: StepPath,
  visit: (step: Step, path: StepPath) => void,
  as: 'written' | 'copies' = 'written',
): void {
  for (const [index, step] of steps.entries()) {
    const at = [...path, index];
    visit(step, at);
    for (const [below, list] of nested(step, as)) walkSteps(list, [...at, ...below], visit, as);
  }
}

/** How many steps these are with all copies and repetitions written out, as they are compiled. */
export function writtenOut(steps: readonly Step[]): number {
  let sum = 0;
  for (const step of steps) {
    const inner = nested(step, 'copies').reduce((all, [, list]) => all + writtenOut(list), 0);
    sum += step.verb === 'repeat' ? step.times * inner : 1 + inner;
  }
  return sum;
}

/** Steps that name another component. */
export type CallingStep = Extract<Step, { target: string }>;

/** Every step that names another component, with the path of that name. */
export function callingSteps(steps: readonly Step[], path: StepPath = []): { step: CallingStep; path: StepPath }[] {
  const found: { step: CallingStep; path: StepPath }[] = [];
  walkSteps(steps, path, (step, at) => {
    if ('target' in step) found.push({ step, path: [...at, step.verb] });
  });
  return found;
}
