/** The queue of what is handled in this very instant: first in, first out, whatever room it is given meanwhile. */
import { expect, it } from 'vitest';
import { LooseTables } from '../../sim/engine/memory.ts';
import { ReadyQueue } from '../../sim/engine/ready.ts';
import { Id } from '../../sim/engine/rows.ts';
import { Cell } from '../../sim/engine/slots.ts';

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

it('has room for all rows once that has been asked for', () => {
  const tables = new LooseTables();
  const queue = new ReadyQueue(tables);
  for (const row of numbers(5)) queue.push(row);
  queue.shift();
  queue.reserve(4096);
  const mask = tables.cells[Cell.ReadyMask];
  expect(mask).toBeGreaterThanOrEqual(4096);
  for (const row of numbers(4092, 5)) queue.push(row);
  expect(tables.cells[Cell.ReadyMask]).toBe(mask);
  expect(drain(queue)).toEqual(numbers(4096, 1));
});
