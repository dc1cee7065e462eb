/** What a gateway remembers of a row, for every row that there is room for. */
import { expect, it } from 'vitest';
import { Pushes } from '../../sim/actors/live/pushes.ts';
import { Memory } from '../../sim/engine/memory.ts';
import { Rows } from '../../sim/engine/rows.ts';

it('knows which message a row is about, to the last there is room for', () => {
  const rows = new Rows(4096, 4096, Memory.take());
  const pushes = new Pushes({ world: { rows, populations: [] } } as never, {} as never);
  for (let i = 0; i < rows.capacity; i++) pushes.begin(rows.take(), i);
  expect(pushes.postOf(rows.first)).toBe(0);
  expect(pushes.postOf(rows.end - 1)).toBe(rows.capacity - 1);
});
