/**
 * The simulator in a thread of the browser. Works in slices and listens between them: the newest order replaces the one
 * under way, and a text is read at once whatever is being simulated.
 */
import './zod-settings.ts';
import type { Answer, Ask } from './messages.ts';
import { Job } from './job.ts';
import { outlineOf } from './outline.ts';

/** Between two looks for messages, and between two reports, in milliseconds. */
const sliceMs = 12;
const reportMs = 100;

const host = self as unknown as {
  onmessage: ((event: { data: Ask }) => void) | null;
  postMessage(answer: Answer): void;
};

let current: { id: number; job: Job; began: number; reported: number } | null = null;
let slice = 2000;
let isWorkDue = false;

// A task that comes after the messages that wait; unlike a timeout it is not held back for 4 ms.
const turn = new MessageChannel();
turn.port1.onmessage = () => {
  isWorkDue = false;
  work();
};

function workSoon(): void {
  if (isWorkDue) return;
  isWorkDue = true;
  turn.port2.postMessage(null);
}

host.onmessage = ({ data }) => {
  if (data.kind === 'read') {
    host.postMessage({ kind: 'read', id: data.id, ...outlineOf(data.text, data.file) });
    return;
  }
  current = null;
  if (data.kind === 'stop') return;
  const now = performance.now();
  current = { id: data.id, job: new Job(data.order), began: now, reported: now };
  workSoon();
};

function work(): void {
  if (current === null) return;
  const { id, job } = current;
  const start = performance.now();
  const step = job.step(slice);
  const now = performance.now();
  if (step.kind === 'more') {
    if (step.events > 0)
      slice = Math.round(Math.min(Math.max((slice * sliceMs) / Math.max(now - start, 0.2), 200), slice * 2, 1e6));
    if (now - current.reported > reportMs) {
      current.reported = now;
      host.postMessage({ kind: 'progress', id, share: step.share, events: step.events });
    }
  } else if (step.kind === 'result') {
    host.postMessage({ ...step, id, tookMs: now - current.began });
  } else {
    if (step.kind === 'refused') host.postMessage({ ...step, id });
    current = null;
    return;
  }
  workSoon();
}

host.postMessage({ kind: 'ready' });
