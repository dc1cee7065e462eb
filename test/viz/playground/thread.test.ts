/** The worker as the session sees it, here with workers that are only played. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Thread } from '../../../viz/playground/page/thread.ts';
import type { Answer, Ask, Order } from '../../../viz/playground/worker/messages.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { setTimeout: globalThis.setTimeout });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A thread, what each of its workers was asked, and a way to let the newest of them answer. */
function played() {
  const asked: Ask[][] = [];
  const heard: Answer[] = [];
  let newest: { onmessage: (event: { data: Answer }) => void };
  const thread = new Thread(
    () => {
      const mine: Ask[] = [];
      asked.push(mine);
      const worker = { postMessage: (ask: Ask) => mine.push(ask), terminate: () => {}, onmessage: () => {} };
      newest = worker;
      return worker as never;
    },
    { hear: (answer) => heard.push(answer), died: () => {} },
  );
  return { thread, asked, heard, answer: (data: Answer) => newest.onmessage({ data }) };
}

const read = (text: string): Ask => ({ kind: 'read', id: 0, text, file: 'x.yaml' });
const run: Ask = { kind: 'run', id: 0, order: {} as Order };

it('gives its first wish all the time there is', () => {
  const { thread, asked } = played();
  thread.ask(read('large'));
  vi.advanceTimersByTime(60_000);
  expect(asked.length).toBe(1);
});

it('takes a newer wish, which waits in vain, to another worker, and the order after it', () => {
  const { thread, asked, answer } = played();
  const order = thread.ask(run);
  const text = thread.ask(read('small'));
  vi.advanceTimersByTime(2000);
  expect(asked[1]).toEqual([expect.objectContaining({ kind: 'read', id: text })]);
  answer({ kind: 'read', id: text, outline: null, problems: [] });
  expect(asked[1].slice(1)).toEqual([expect.objectContaining({ kind: 'run', id: order })]);
});

it('does not as long as the worker says anything', () => {
  const { thread, asked, answer } = played();
  const order = thread.ask(run);
  thread.ask(read('small'));
  vi.advanceTimersByTime(1000);
  answer({ kind: 'progress', id: order, share: 0.5, events: 1 });
  vi.advanceTimersByTime(60_000);
  expect(asked.length).toBe(1);
});
