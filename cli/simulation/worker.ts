/** The worker thread: takes tasks from the main thread one after the other, and answers each with its outcome. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, Task, WorkerSetup } from './messages.ts';
import { perform, type Surroundings } from './perform.ts';

const { stop, memoryLimitBytes } = workerData as WorkerSetup;
const stopCell = new Int32Array(stop);
const port = parentPort!;

function send(message: FromWorker): void {
  port.postMessage(message);
}

const surroundings: Surroundings = {
  isStopped: () => Atomics.load(stopCell, 0) !== 0,
  memoryProblem() {
    const used = process.memoryUsage.rss();
    if (used <= memoryLimitBytes) return null;
    const mebibytes = Math.floor(memoryLimitBytes / 2 ** 20);
    return `the simulation needs more than ${mebibytes} MiB of memory (--memory-limit-mib raises the limit)`;
  },
  report: (progress) => send({ kind: 'progress', progress }),
};

port.on('message', (task: Task) => send({ kind: 'outcome', outcome: perform(task, surroundings) }));
