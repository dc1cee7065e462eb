/** A stage that has been looked at → its recording, in as much detail as asked for. */
import { droppedOf } from './dropped.ts';
import type { StageRecording } from './format.ts';
import type { Observer } from './observer.ts';
import { faultsOf, happeningsOf } from './story.ts';
import { MOST_INSTANCES } from './component-watch.ts';

/** How much a recording says. */
export interface Detail {
  /** Slices that are joined into one. */
  factor: number;
  /** Instances of a component that are shown one by one. */
  instances: number;
  /** Share of the sampled requests that is kept. */
  requests: number;
  /** Lines of the history. */
  happenings: number;
}

export const FULL: Detail = { factor: 1, instances: MOST_INSTANCES, requests: 1, happenings: 600 };

/** Half of it. */
export function coarser({ factor, instances, requests, happenings }: Detail): Detail {
  return {
    factor: factor * 2,
    instances: Math.max(4, instances >> 1),
    requests: requests / 2,
    happenings: Math.max(50, happenings >> 1),
  };
}

/** All of a stage but its result, which is known elsewhere. */
export type StageData = Omit<StageRecording, 'result'>;

export function stageData(observer: Observer, detail: Detail): StageData {
  const { kernel, builder } = observer.compiled;
  const { world } = kernel;
  const folding = observer.folding(detail.factor);
  const faults = faultsOf(world, builder.stage.faults);
  const happenings = happeningsOf(world, world.history);
  const requests = observer.sample.record(detail.requests);
  const components = observer.components.map((watch) =>
    watch.record(folding, observer.describe(watch), detail.instances),
  );
  const populations = observer.requests.record(folding).map((record, i) => {
    const { spec } = world.populations[i];
    const client = builder.stage.clients[i];
    return {
      name: spec.name,
      users: spec.users,
      place: observer.placeOf(spec.node),
      entry: client.entry,
      operations: client.does.map(({ operation }) => operation),
      ...record,
    };
  });
  return {
    slices: folding.slices,
    components,
    populations,
    links: observer.links.record(folding),
    faults: faults.slice(0, detail.happenings),
    happenings: happenings.slice(0, detail.happenings),
    requests,
    requestsEnded: observer.sample.ended,
    requestsFollowed: observer.sample.followed,
    dropped: droppedOf(detail, {
      happenings: happenings.length + world.history.dropped,
      faults: faults.length,
      hidden: components.filter((c) => c.instanceCount > c.instances.length).map((c) => c.name),
      ended: observer.sample.ended,
      followed: observer.sample.followed,
    }),
  };
}
