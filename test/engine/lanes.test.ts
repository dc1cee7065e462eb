/** Timeouts: none is forgotten, none comes for a call that is over, and their room is that of the calls under way. */
import { describe, expect, it } from 'vitest';
import { EventList } from '../../sim/engine/event-list.ts';
import { Lanes } from '../../sim/engine/lanes.ts';
import { LaneCol } from '../../sim/engine/records.ts';
import { FCol, ICol, Id, Kind, Rows, Stride } from '../../sim/engine/rows.ts';

const DELAY = 1_000;

/** A lane, callers, and a clock that only the test moves. */
function bench(callers: number) {
  const rows = new Rows(8192, 1 << 20);
  const events = new EventList(rows);
  const clock = new Float64Array(1);
  const lane = new Lanes([DELAY], rows, events, clock, null).all[0];
  const ids = Array.from({ length: callers }, () => rows.take());
  const columns = (lane as unknown as { columns: Int32Array }).columns;
  const attempt = (row: number): number => rows.I[row * Stride.I + ICol.Attempt];
  return {
    ids,
    room: () => columns[LaneCol.Mask] + 1,
    call(row: number): void {
      rows.I[row * Stride.I + ICol.Attempt] = attempt(row) + 256;
      // As it is when a call is watched: it is sent only then.
      rows.I[row * Stride.I + ICol.Kind] = Kind.CpuDone;
      lane.push(row);
      rows.I[row * Stride.I + ICol.Kind] = Kind.WaitCall;
    },
    answer(row: number): void {
      rows.I[row * Stride.I + ICol.Attempt] = attempt(row) + 256;
      rows.I[row * Stride.I + ICol.Kind] = Kind.CpuDone;
    },
    at: (time: number) => void (clock[0] = time),
    /** Overdue callers up to a time, and when. */
    overdue(until: number): [number, number][] {
      const found: [number, number][] = [];
      for (let event = events.pop(Float64Array.of(until)); event !== Id.None; ) {
        clock[0] = rows.F[event * Stride.F + FCol.Time];
        rows.free(event);
        const row = lane.next();
        if (row !== Id.None) found.push([row, clock[0]]);
        event = events.pop(Float64Array.of(until));
      }
      return found;
    },
  };
}

describe('a lane of timeouts', () => {
  it('tells of calls that are overdue when they are, and of no others', () => {
    const { ids, call, answer, at, overdue } = bench(3);
    const [a, b, c] = ids;
    call(a);
    at(10);
    call(b);
    at(20);
    call(c);
    answer(a);
    at(30);
    call(a);
    answer(c);
    expect(overdue(2_000)).toEqual([
      [b, 1_010],
      [a, 1_030],
    ]);
  });

  it('needs no more room for calls that are answered, however many come within its delay', () => {
    const { ids, call, answer, at, overdue, room } = bench(9);
    const [slow, ...quick] = ids;
    const before = room();
    call(slow);
    for (let i = 0; i < 100_000; i++) {
      at(i / 200);
      call(quick[i & 7]);
      answer(quick[i & 7]);
    }
    expect(room()).toBe(before);
    call(quick[0]);
    expect(overdue(5_000)).toEqual([
      [slow, DELAY],
      [quick[0], 99_999 / 200 + DELAY],
    ]);
  });

  it('grows with the calls that are under way, and forgets none of them', () => {
    const { ids, call, answer, at, overdue, room } = bench(3_000);
    const before = room();
    ids.forEach((row, i) => {
      at(i / 10);
      call(row);
      if (i % 3 === 0) answer(row);
    });
    expect(room()).toBeGreaterThan(before);
    const expected = ids.flatMap((row, i): [number, number][] => (i % 3 === 0 ? [] : [[row, i / 10 + DELAY]]));
    expect(overdue(5_000)).toEqual(expected);
  });
});
