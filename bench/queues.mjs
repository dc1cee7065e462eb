/** Prints what each event list costs with 100, 10,000 and 1,000,000 pending events: `npm run bench:queues`. */
import { bundle } from './bundle.mjs';

const run = await bundle('queues.ts');
const names = run();
const all = names.map((name) => ({ name, figures: run(name) }));
console.log(`${'ns per pop + push, pending:'.padEnd(28)}       100    10,000 1,000,000`);
for (const { name, figures } of all) {
  console.log(name.padEnd(28) + figures.map(({ ns }) => ns.toFixed(0).padStart(10)).join(''));
  figures.forEach(({ order }, i) => {
    if (order !== all[0].figures[i].order) throw new Error(`${name} is not in the order of ${all[0].name}`);
  });
}
