/** The queue of what is handled in this very instant: first in, first out. */
import { expect, it } from 'vitest';
import { ReadyQueue } from '../../sim/engine/ready.ts';
import { Id } from '../../sim/engine/rows.ts';

/** Takes all rows that wait. */
function drain(queue: ReadyQueue): number[] {
  const rows: number[] = [];
  for (let row = queue.shift(); row !== Id.None; row = queue.shift()) rows.push(row);
  return rows;
}

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

it('gives rows back in their order when it grows in the middle of its ring', () => {
  const queue = new ReadyQueue();
  for (const row of numbers(900)) queue.push(row);
  for (let i = 0; i < 800; i++) queue.shift();
  for (const row of numbers(3000, 900)) queue.push(row);
  expect(drain(queue)).toEqual(numbers(3100, 800));
});
