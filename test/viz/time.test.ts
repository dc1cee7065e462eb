/** The clock, its slices and marks, the address, the keys. */
import { describe, expect, it } from 'vitest';
import { addressOf, fragmentOf } from '../../viz/replay/data/fragment.ts';
import { commandOf, KEY_HELP } from '../../viz/replay/keys.ts';
import { latencyLimit, marksOf } from '../../viz/replay/time/marks.ts';
import { momentText, runningText, timeTicks } from '../../viz/replay/time/moments.ts';
import { advanced, clamped, nextSpeed, speedFor } from '../../viz/replay/time/playback.ts';
import { endOf, sliceAt, startOf, stepped, widthOf } from '../../viz/replay/time/slices.ts';
import { previewOf, speedText } from '../../viz/replay/time/transport.ts';
import { slices, stageFixture } from './fixture.ts';

describe('playback', () => {
  const playing = { time: 3, playing: true, speed: 2 };

  it('goes on by what passed, at its speed', () => {
    expect(advanced(playing, 0.5, 60)).toEqual({ time: 4, playing: true, speed: 2 });
    expect(advanced({ ...playing, playing: false }, 0.5, 60).time).toBe(3);
  });

  it('stops at the end', () => {
    expect(advanced(playing, 100, 60)).toEqual({ time: 60, playing: false, speed: 2 });
  });

  it('chooses a speed by which a stage lasts less than a minute', () => {
    for (const seconds of [0.02, 1, 15, 60, 300, 1800, 7 * 86_400]) {
      expect(seconds / speedFor(seconds)).toBeLessThan(60);
      expect(seconds / speedFor(seconds)).toBeGreaterThan(8);
    }
    expect([nextSpeed(1, 1), nextSpeed(1, -1), nextSpeed(1e5, 1), nextSpeed(1e-4, -1)]).toEqual([2, 0.5, 1e5, 1e-4]);
    expect([0.25, 1, 10, 20_000].map(speedText)).toEqual(['4× slower', 'real time', '10× faster', '20,000× faster']);
  });

  it('keeps to the stage', () => {
    expect([clamped(-99, -10, 60), clamped(99, -10, 60), clamped(Number.NaN, -10, 60)]).toEqual([-10, 60, -10]);
  });
});

describe('slices', () => {
  const it70 = slices();

  it('are found by time', () => {
    expect([-99, -10, -0.5, 0, 59.9, 60, 99].map((time) => sliceAt(it70, time))).toEqual([0, 0, 9, 10, 69, 69, 69]);
    expect([startOf(it70), endOf(it70), widthOf(it70, 3)]).toEqual([-10, 60, 1]);
  });

  it('are stepped through from edge to edge', () => {
    expect(stepped(it70, 5, 1)).toBe(6);
    expect(stepped(it70, 5, -1)).toBe(4);
    expect(stepped(it70, 5.4, 1)).toBe(6);
    expect(stepped(it70, 5.4, -1)).toBe(5);
    expect(stepped(it70, 60, 1)).toBe(60);
    expect(stepped(it70, -10, -3)).toBe(-10);
  });

  it('may be none', () => {
    const none = { count: 0, warmup: 0, seconds: 1, edges: Float64Array.from([0]) };
    expect([startOf(none), endOf(none), sliceAt(none, 4), stepped(none, 3, 1)]).toEqual([0, 0, 0, 0]);
  });
});

describe('moments', () => {
  const day = 86_400;

  it.each([
    [0.02, 0.0105, '10.50 ms', '10.5 ms', '20 ms'],
    [0.5, 0.25, '250.0 ms', '250 ms', '500 ms'],
    [2, 0.5, '0.50 s', '0.5 s', '2 s'],
    [60, 12.345, '12.3 s', '12.35 s', '60 s'],
    [60, -10, '−10.0 s', '−10 s', '60 s'],
    [60, -0.01, '0.0 s', '−0.01 s', '60 s'],
    [900, 100, '1:40 min', '1:40 min', '15 min'],
    [900, -30, '−0:30 min', '−0:30 min', '15 min'],
    [day, 12_000, '3:20 h', '3:20 h', '24 h'],
    [7 * day, 259_300, '3 d 00:02', '3 d 00:02', '7 d'],
    [7 * day, 2 * day, '2 d 00:00', '2 d', '7 d'],
  ])('of a run of %s s: %s', (length, moment, running, alone, whole) => {
    expect([runningText(moment, length), momentText(moment, length), momentText(length, length)]).toEqual([
      running,
      alone,
      whole,
    ]);
  });

  it('stand on an axis in one unit, which is that of the clock', () => {
    const axis = (from: number, to: number) => timeTicks({ from, to }, 4).map(({ text }) => text);
    expect(axis(-20, 180)).toEqual(['0 s', '50 s', '100 s', '150 s']);
    expect(axis(-60, 1800)).toEqual(['0 min', '10 min', '20 min', '30 min']);
    expect(axis(0, 0.02)).toEqual(['0 ms', '5 ms', '10 ms', '15 ms', '20 ms']);
    expect(axis(0, 7 * day)).toEqual(['0 d', '2 d', '4 d', '6 d']);
  });
});

describe('marks', () => {
  it('are the faults, what followed, and the crossed threshold', () => {
    const marks = marksOf(stageFixture(true, 'x'));
    expect(marks.map(({ kind, at }) => [kind, at])).toEqual([
      ['fault', 20],
      ['threshold', 20],
      ['happening', 30.1],
      ['happening', 32.1],
    ]);
    expect(marks[0].end).toBe(60); // it never ended
    expect(marks[1]).toMatchObject({ end: 32, what: 'p99 above 250 ms' });
  });

  it('are none in a quiet stage', () => {
    expect(marksOf(stageFixture(false, 'x'))).toEqual([]);
  });

  it.each([
    ['latency p(99) < 250ms', 250],
    ['latency p(95) <= 1.5s', 1500],
    ['latency p(99) < 4s', 4000],
    ['edit: latency p(99) < 4s', null],
    ['availability >= 99%', null],
  ])('reads %s as a limit of %s', (threshold, value) => {
    const { result } = stageFixture(false, 'x');
    result.thresholds = [{ ...result.thresholds[0], threshold }];
    expect(latencyLimit(result)?.value ?? null).toBe(value);
  });

  it('are in the preview when it is near', () => {
    const stage = stageFixture(true, 'x');
    const marks = marksOf(stage);
    expect(previewOf(stage, marks, 20.1, 0.5)).toMatch(/^20\.1 s\n.*lost, p99.*\ndb#1 loses power\np99 above/);
    expect(previewOf(stage, marks, -3, 0.5)).toMatch(/^−3 s, warm-up\n[^\n]*$/);
  });
});

describe('the address', () => {
  it('says where one is, and is read back', () => {
    const address = { stage: 2, time: 32.5, component: 'a & b/ü', request: 7, compare: { stage: 0, other: false } };
    expect(addressOf(`#${fragmentOf(address)}`, 5, 0)).toEqual(address);
    const beside = { ...address, compare: { stage: 3, other: true } };
    expect(addressOf(`#${fragmentOf(beside)}`, 5, 4)).toEqual(beside);
    expect(addressOf(`#${fragmentOf(beside)}`, 5, 3).compare).toBe(null); // there is no such stage beside it
    const bare = { stage: 0, time: null, component: null, request: null, compare: null };
    expect(fragmentOf(bare)).toBe('stage=1');
    expect(fragmentOf({ ...bare, component: '\ud800' })).toBe('stage=1&component=%EF%BF%BD');
    expect(addressOf('#stage=1', 5, 0)).toEqual(bare);
  });

  it.each(['', '#', '#stage=99', '#stage=-1', '#stage=x&t=&with=9e9', '#t=Infinity', '#stage=1e0', '#%E0%A4%A'])(
    'falls back for %s',
    (fragment) => {
      expect(addressOf(fragment, 3, 3)).toMatchObject({ stage: 0, request: null, compare: null });
    },
  );
});

describe('keys', () => {
  const press = (key: string, shift = false, other = false) => commandOf({ key, shift, other });

  it('do what trace viewers do', () => {
    expect([' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', '?'].map((key) => press(key))).toEqual([
      'toggle',
      'step back',
      'step forward',
      'previous stage',
      'next stage',
      'help',
    ]);
    expect(press('ArrowLeft', true)).toBe('jump back');
    expect(press('?', true)).toBe('help');
    expect(press('C')).toBe('compare');
  });

  it('leave the rest to the browser', () => {
    expect([press('a'), press('Tab'), press('c', false, true), press('constructor'), press('__proto__')]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('are all in the help', () => {
    const text = KEY_HELP.flatMap(([keys]) => keys).join(' ');
    for (const key of ['space', '←', '→', '↑', '↓', 'shift', 'Home', 'End', 'Esc', '?', 'c', 'd']) {
      expect(text).toContain(key);
    }
  });
});
