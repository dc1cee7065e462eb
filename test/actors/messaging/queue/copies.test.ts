/** The order in which copies wait when many come back. */
import { expect, test } from 'vitest';
import { Copies } from '../../../../sim/actors/messaging/queue/copies.ts';
import { Id } from '../../../../sim/engine/rows.ts';

/** Copies of two queues, most of them with consumers; some have come back since, some have come anew. */
function filled(count: number): { copies: Copies; out: number[] } {
  const copies = new Copies(2);
  for (let i = 0; i < count; i++) copies.add(i % 2);
  const out: number[] = [];
  for (let i = 0; i < count * 0.8; i++) out.push(copies.deliver(i % 2, i % 3));
  for (let i = 0; i < count; i++) copies.add(i % 2);
  return { copies, out: out.map((_, i) => out[(i * 7) % out.length]) };
}

function waiting(copies: Copies, queue: number): number[] {
  const list: number[] = [];
  while (copies.head(queue) !== Id.None) list.push(copies.deliver(queue, 9));
  return list;
}

test('copies that come back together stand where they would one by one', () => {
  const one = filled(1000);
  const all = filled(1000);
  const early = one.out.splice(0, 200);
  expect(all.out.splice(0, 200)).toEqual(early);
  for (const { copies } of [one, all]) for (const copy of early) copies.requeue(copy);
  for (const copy of one.out) one.copies.requeue(copy);
  all.copies.requeueAll(all.out);
  for (const queue of [0, 1]) {
    expect(all.copies.waiting[queue]).toBe(one.copies.waiting[queue]);
    expect(all.copies.violation(queue)).toBe('');
    expect(waiting(all.copies, queue)).toEqual(waiting(one.copies, queue));
  }
});

test('three hundred thousand of them take one walk along the queue', () => {
  const { copies, out } = filled(300_000);
  copies.requeueAll(out);
  expect(copies.waiting[0]).toBe(300_000);
});
