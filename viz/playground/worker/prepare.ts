/**
 * From an order of the page to a scenario that can be run: the text with the changes in it, through the same parser as
 * a file. An order without changes runs the text as it is, so its result is that of the command line.
 */
import { parseScenario, type Problem, type Scenario } from '../../../sim/index.ts';
import { type Change, patchedText, patchOf, readTree, stageTrees } from '../scenario/tree.ts';
import type { Span } from './extent.ts';
import type { Kill, Order } from './messages.ts';

export interface Prepared {
  scenario: Scenario | null;
  problems: Problem[];
}

/** The scenario of an order; with a span, only that much of the stage, without the faults that come later. */
export function prepare(order: Order, span: Span | null = null, later: readonly string[] = []): Prepared {
  const changes = [
    ...order.changes,
    ...order.kills.map(faultOf),
    ...(span ? spanChanges(span) : []),
    ...later.map(without),
  ];
  const whole = parseScenario(order.text, order.file);
  if (changes.length === 0 || whole.scenario === null) return whole;
  const document = readTree(order.text);
  const tree = stageTrees(document)[order.stage] ?? {};
  return parseScenario(patchedText(document, order.stage, patchOf(tree, changes)), order.file);
}

/** A kill as a fault of the stage: the machine loses its power, and nobody is told. */
function faultOf({ target, atSeconds, forSeconds }: Kill): Change {
  const fault = { crash: target, how: 'power', at: `${atSeconds}s` };
  return {
    path: ['faults', `you kill ${target} at ${atSeconds} s`],
    value: forSeconds === null ? fault : { ...fault, for: `${forSeconds}s` },
  };
}

function without(fault: string): Change {
  return { path: ['faults', fault], value: null };
}

function spanChanges({ warmupSeconds, windowSeconds }: Span): Change[] {
  return [
    { path: ['run', 'duration'], value: `${windowSeconds}s` },
    { path: ['run', 'warmup'], value: `${warmupSeconds}s` },
  ];
}
