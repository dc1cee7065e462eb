/**
 * How a component does in a slice, in one of four words and the reason for it. The word chooses colour and sign; the
 * reason is what a person reads, and what is said to those who see neither.
 */
import type { ComponentRecording, InstanceState } from '../../../sim/recording/format.ts';
import { percent, plural } from '../../../reports/format.ts';

export type Health = 'ok' | 'busy' | 'bad' | 'down';

/** From here on a resource is called busy, and saturated. A queue grows without limit as utilisation nears 1. */
const BUSY = 0.7;
const SATURATED = 0.92;
/** Share of requests that fail from which on a component is called bad. */
const FAILING = 0.01;

/** The word for a utilisation alone. */
export function healthOfLoad(utilization: number): Health {
  return utilization >= SATURATED ? 'bad' : utilization >= BUSY ? 'busy' : 'ok';
}

/** What a component's requests of one slice ended in, other than well. */
export function failuresIn(component: ComponentRecording, slice: number): number {
  return component.rejected[slice] + component.failed[slice] + component.killed[slice];
}

/** Health of a component in a slice, and why it is not well; an empty reason when it is. */
export function healthOf(component: ComponentRecording, slice: number): { health: Health; why: string } {
  if (component.up[slice] === 0) return { health: 'down', why: 'no instance is up' };
  const failures = failuresIn(component, slice);
  const ended = failures + component.completed[slice];
  if (ended > 0 && failures / ended >= FAILING) {
    return { health: 'bad', why: `${percent(failures / ended)} % of its requests fail` };
  }
  const busiest = component.utilizationBusiest[slice];
  const load = healthOfLoad(busiest);
  if (load !== 'ok') {
    const whose = component.instanceCount > 1 ? ' of the busiest instance' : '';
    return { health: load, why: `${busiestResource(component, slice)}${whose} ${percent(busiest)} % busy` };
  }
  const missing = component.instances.filter((it) => !isServing(stateAt(it.states, slice).state)).length;
  const dead = component.instances.filter((it) => isDead(stateAt(it.states, slice).state)).length;
  return dead > 0 && missing > 0
    ? { health: 'busy', why: `${plural(dead, 'instance')} down` }
    : { health: 'ok', why: '' };
}

/** Name of the resource that is most used in a slice; empty when none was recorded. */
export function busiestResource(component: ComponentRecording, slice: number): string {
  let most = component.resources[0];
  for (const resource of component.resources) {
    if (resource.utilization[slice] > most.utilization[slice]) most = resource;
  }
  return most?.resource ?? '';
}

type States = ComponentRecording['instances'][number]['states'];

/** State and role of an instance in a slice. */
export function stateAt(states: States, slice: number): { state: InstanceState; role: string } {
  let now: States[number] = { fromSlice: 0, state: 'up', role: '' };
  for (const state of states) if (state.fromSlice <= slice) now = state;
  return now;
}

/** Whether an instance in this state takes requests. */
export function isServing(state: InstanceState): boolean {
  return state === 'up' || state === 'draining';
}

/** Whether something happened to it, as against a place that was never filled, or is being filled. */
export function isDead(state: InstanceState): boolean {
  return state === 'killed' || state === 'silent' || state === 'paused';
}
