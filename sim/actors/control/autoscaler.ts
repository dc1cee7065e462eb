/** Adds and removes instances of a server group by what it measures. */
import type { Actor } from '../../engine/actor-instance.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import type { ServerSettings } from '../compute/server.settings.ts';

export interface Autoscaler {
  start(): void;
  onTimer(code: number, node: number, value: number, data: number): void;
  onCrash(node: number): void;
  resetFigures(): void;
  figures(): Record<string, number>;
}

export function autoscalerOf(_actor: Actor, _component: ComponentSettings<ServerSettings>): Autoscaler | null {
  return null;
}
