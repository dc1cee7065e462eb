/**
 * When a fault happens: at a time and for a while, all its units at once; or again and again, each unit by itself (an
 * alternating renewal process of times to failure and to repair).
 */
import type { History } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { FaultSettings } from '../scenario/settings.ts';
import type { Unit } from './unit.ts';

/** Something that begins and ends in turn. */
export interface Course {
  /** Index of the fault in the settings. */
  readonly fault: number;
  /** Time to the first beginning, from the end of the warm-up, ns. */
  readonly firstNs: number;
  /** Begins. Returns the time to its end, ns; null: never. */
  begin(): number | null;
  /** Ends. Returns the time to the next beginning, ns; null: never. */
  end(): number | null;
}

/** What the history says of a fault that has several units. */
export type Summary = Pick<Unit, 'component' | 'node' | 'begins' | 'ends'>;

/** At `atNs`, for `forNs`. */
export function timedCourse(
  history: History,
  fault: number,
  settings: FaultSettings,
  units: readonly Unit[],
  summary: Summary,
): Course {
  let isOn = false;
  return {
    fault,
    firstNs: settings.atNs!,
    begin() {
      isOn = units.map((unit) => unit.begin()).includes(true);
      if (isOn) history.add('fault', summary.component, summary.node, summary.begins, 0, fault);
      return settings.forNs;
    },
    end() {
      for (const unit of units) unit.end();
      if (isOn) history.add('heal', summary.component, summary.node, summary.ends, 0, fault);
      return null;
    },
  };
}

/** Times to failure and to repair drawn in turn from a stream of the unit's own. */
export function randomCourse(world: World, fault: number, settings: FaultSettings, unit: Unit): Course {
  const { sampler, history } = world;
  const every = sampler.add(settings.every!);
  const repair = sampler.add(settings.repair!);
  const stream = world.stream(`fault ${settings.name} ${unit.name}`);
  const draw = (distribution: number): number => {
    sampler.sampleFrom(distribution, stream);
    return Math.round(sampler.out[0]);
  };
  let isOn = false;
  return {
    fault,
    firstNs: draw(every),
    begin() {
      isOn = unit.begin();
      if (isOn) history.add('fault', unit.component, unit.node, unit.begins, 0, fault);
      return draw(repair);
    },
    end() {
      unit.end();
      if (isOn) history.add('heal', unit.component, unit.node, unit.ends, 0, fault);
      return draw(every);
    },
  };
}
