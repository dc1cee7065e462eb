/**
 * A machine: cores, memory, connections and price, or a preset by name with any of them overridden.
 */
import * as z from 'zod';
import { DEFAULT_MACHINE, MACHINE_PRESETS } from '../presets.ts';
import type { MachineSettings } from '../settings.ts';
import { complain, count, countOrNone, money, number, positiveSize } from './scalar.ts';

const names = [...MACHINE_PRESETS.keys()] as [string, ...string[]];
const presetName = z
  .enum(names)
  .meta({ description: 'Amazon EC2 instance type; size and on-demand price in us-east-1.' });

const stated = z
  .strictObject({
    preset: presetName.optional(),
    cores: count('Cores, shared by everything on the machine.', 1, 100_000).optional(),
    memory: positiveSize('Memory, shared by everything on the machine.').optional(),
    connections: countOrNone('Most requests on the machine at once; more are refused. `none`: no limit.').optional(),
    price: money('Price.').optional(),
    speed: number('Work done per second of core time; 1 is as the demands are stated.', {
      above: 0,
      most: 1000,
    }).optional(),
  })
  .transform((given, ctx): MachineSettings => {
    if (Object.keys(given).length === 0)
      complain(ctx, 'a machine needs at least its cores', '{ cores: 4, memory: 8GiB }');
    const base = MACHINE_PRESETS.get(given.preset ?? '') ?? DEFAULT_MACHINE;
    return {
      cores: given.cores ?? base.cores,
      memoryBytes: given.memory ?? base.memoryBytes,
      connections: given.connections === undefined ? base.connections : given.connections,
      pricePerMonth: given.price ?? base.pricePerMonth,
      speed: given.speed ?? base.speed,
    };
  });

const byName = presetName.transform((name): MachineSettings => MACHINE_PRESETS.get(name) ?? DEFAULT_MACHINE);

/** The machine that each instance of a component has to itself (or shares with those that stand `on` it). */
export const machine = z.union([byName, stated]).meta({
  id: 'Machine',
  description: 'Machine of each instance. Default: 1 core, 4GiB, free of charge.',
});
