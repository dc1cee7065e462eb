/**
 * Machines by name: sizes and on-demand prices of Amazon EC2, so that cost comparisons use figures people can check.
 *
 * Source: Amazon EC2 on-demand price list, Linux, us-east-1, as published in 2024; a month is 730 hours. A "core" is a
 * vCPU (one hardware thread). Other speeds and limits are not claimed: speed is 1 and connections are unlimited.
 */
import type { MachineSettings } from './settings.ts';
import { HOURS_PER_MONTH } from './units.ts';

const GIB = 1_073_741_824;

/** [name, vCPUs, memory in GiB, dollars an hour] */
const EC2: readonly (readonly [string, number, number, number])[] = [
  ['m5.large', 2, 8, 0.096],
  ['m5.xlarge', 4, 16, 0.192],
  ['m5.2xlarge', 8, 32, 0.384],
  ['m5.4xlarge', 16, 64, 0.768],
  ['m5.12xlarge', 48, 192, 2.304],
  ['m5.24xlarge', 96, 384, 4.608],
  ['c5.large', 2, 4, 0.085],
  ['c5.xlarge', 4, 8, 0.17],
  ['c5.2xlarge', 8, 16, 0.34],
  ['r5.large', 2, 16, 0.126],
  ['r5.xlarge', 4, 32, 0.252],
  ['r5.2xlarge', 8, 64, 0.504],
  ['r5.4xlarge', 16, 128, 1.008],
  ['r5.24xlarge', 96, 768, 6.048],
];

/** Machine settings by preset name. */
export const MACHINE_PRESETS: ReadonlyMap<string, MachineSettings> = new Map(
  EC2.map(([name, cores, memoryGib, pricePerHour]) => [
    name,
    { cores, memoryBytes: memoryGib * GIB, connections: null, pricePerMonth: pricePerHour * HOURS_PER_MONTH, speed: 1 },
  ]),
);

/** What a component stands on when the scenario does not say: one core, 4 GiB, free of charge. */
export const DEFAULT_MACHINE: MachineSettings = {
  cores: 1,
  memoryBytes: 4 * GIB,
  connections: null,
  pricePerMonth: 0,
  speed: 1,
};
