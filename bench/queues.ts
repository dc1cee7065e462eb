/**
 * Event lists compared: nanoseconds for taking the earliest event and putting it back, which a simulator does for every
 * event. Run by queues.mjs; the figures are this machine's.
 */
import { Hold, queues } from './queues/hold.ts';

const SIZES = [100, 10_000, 1_000_000];
const ROUNDS = 5;

const cpuNs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** The best of several rounds, after one for the compiler and for what a queue learns of its load. */
function measure(name: string, pending: number): { ns: number; order: number } {
  const hold = new Hold(queues[name](pending), pending);
  const times = Math.max(300_000, pending);
  hold.run(times);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = cpuNs();
    hold.run(times);
    best = Math.min(best, cpuNs() - start);
  }
  return { ns: best / times, order: hold.order };
}

/** Measured alone, in a process where no other queue has shaped the compiled loop; without a name, all names. */
const [name] = process.argv.slice(2);
const sizes = (): unknown => SIZES.map((pending) => measure(name, pending));
console.log(JSON.stringify(name === undefined ? Object.keys(queues) : sizes()));
