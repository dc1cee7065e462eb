/** What goes wrong and when: the schedule of faults of a stage. */
import type { Builder } from '../compile/builder.ts';
import type { Kernel } from '../engine/kernel.ts';
import type { World } from '../engine/world.ts';
import type { FaultSettings } from '../scenario/settings.ts';

export class Faults {
  constructor(
    readonly settings: readonly FaultSettings[],
    readonly world: World,
    _builder: Builder,
  ) {}

  start(_kernel: Kernel): void {}
}
