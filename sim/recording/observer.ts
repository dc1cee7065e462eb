/**
 * Looks on while a stage runs, and knows at the end what to record of it.
 *
 * It costs nothing when there is none: it looks between events, a few hundred times a run, at figures that the engine
 * keeps anyway; what passes single requests (their ends, their spans, the network) it sees by standing in the place of
 * the part of the engine that is told. A recorded run has the fingerprint and the result of the same run unrecorded.
 */
import type { ActorType } from '../compile/actor-type.ts';
import { compileStage, type Compiled } from '../compile/stage.ts';
import type { Watcher } from '../engine/milestones.ts';
import type { StageSettings } from '../scenario/settings.ts';
import { ComponentWatch, type Described } from './component-watch.ts';
import { CountedNetwork } from './counted-network.ts';
import { factsOf } from './facts.ts';
import { LinkWatch } from './link-watch.ts';
import { RecordedRequests } from './recorded-requests.ts';
import { RequestSample } from './request-sample.ts';
import { Folding, sliceWidthNs } from './slices.ts';
import { TracedSpans } from './traced-spans.ts';
import { Usage } from './usage.ts';

export class Observer implements Watcher {
  nextNs: number;
  readonly compiled: Compiled;
  readonly components: ComponentWatch[];
  readonly links: LinkWatch;
  readonly requests: RecordedRequests;
  readonly sample: RequestSample;
  private readonly usage: Usage;
  /** Ends of slices from the end of the warm-up, ns; the first is the beginning. */
  private readonly edgesNs: number[];
  private readonly widthNs: number;
  private isOver = false;

  /** Compiles the stage so that it can be looked at; `isCoreless`: without the core. */
  constructor(
    readonly stage: StageSettings,
    private readonly types: readonly ActorType[],
    isCoreless = false,
  ) {
    this.compiled = compileStage(stage, types, {
      parts: { Network: CountedNetwork, Spans: TracedSpans, Requests: RecordedRequests },
      isCoreless,
    });
    const { kernel, builder } = this.compiled;
    const { world } = kernel;
    const spans = world.spans as TracedSpans;
    spans.know(
      Int32Array.from(world.cells, ({ component }) => component),
      Int32Array.from(world.nodes.component),
    );
    this.usage = new Usage(builder, world);
    this.components = builder.components
      .filter(({ settings }) => settings !== null)
      .map((draft) => new ComponentWatch(draft, world, this.usage));
    this.links = new LinkWatch(world, world.network as CountedNetwork);
    this.sample = new RequestSample(world, spans.trails);
    this.requests = kernel.requests as RecordedRequests;
    this.requests.attach(spans, this.sample);
    this.widthNs = sliceWidthNs(stage.run.durationNs);
    this.edgesNs = [-world.windowStartNs];
    this.nextNs = this.edgeAfter(-world.windowStartNs);
    kernel.milestones.onWindow.push(() => this.openWindow());
    kernel.milestones.watch(this);
  }

  /** The clock is at the end of a slice: an instant before its edge, since what happens at an edge belongs to the next slice. */
  look(): void {
    const { clock, windowStartNs, endNs } = this.compiled.kernel.world;
    const edge = clock[0] - windowStartNs + (clock[0] === endNs ? 0 : 1);
    this.endSlice(edge);
    this.nextNs = this.edgeAfter(edge);
  }

  /** The end, also an early one: the slice in progress ends here, and what was borrowed of the engine is put back. */
  finish(): void {
    const { clock, windowStartNs } = this.compiled.kernel.world;
    const now = clock[0] - windowStartNs;
    if (now > this.edgesNs[this.edgesNs.length - 1] || this.edgesNs.length === 1) this.endSlice(now);
    this.usage.finish();
    this.isOver = true;
  }

  folding(factor: number): Folding {
    return new Folding(this.edgesNs, this.widthNs, factor);
  }

  /** What a component is, beside its figures. */
  describe({ draft }: ComponentWatch): Described {
    const { world } = this.compiled.kernel;
    const settings = draft.settings!;
    return {
      picture: this.types.find(({ type }) => type === draft.type)?.picture ?? 'box',
      places: [...new Set(Array.from({ length: draft.nodes }, (_, i) => this.placeOf(draft.firstNode + i)))].filter(
        (name) => name !== '',
      ),
      on: settings.on === null ? null : world.components.name[world.components.name.indexOf(settings.on)],
      facts: factsOf(settings),
    };
  }

  /** Name of the place of a node, '' for nowhere in particular. */
  placeOf(node: number): string {
    const { places } = this.compiled.kernel.world;
    return places.names[places.ofNode[node]];
  }

  /** The last look of the warm-up was an instant ago; whatever is counted begins again. */
  private openWindow(): void {
    // A run that ends in its warm-up opens its window when it is over.
    if (this.isOver) return;
    this.usage.reset();
    for (const component of this.components) component.reset();
  }

  private endSlice(now: number): void {
    this.usage.look(now - this.edgesNs[this.edgesNs.length - 1]);
    this.edgesNs.push(now);
    for (const component of this.components) component.look();
    this.links.look();
    this.requests.look();
    this.sample.look();
  }

  /** When to look next, on the clock of the run, ns. */
  private edgeAfter(edge: number): number {
    const { windowStartNs, endNs } = this.compiled.kernel.world;
    const next = windowStartNs + (Math.floor(edge / this.widthNs) + 1) * this.widthNs;
    if (windowStartNs + edge >= endNs) return Infinity;
    return next >= endNs ? endNs : next - 1;
  }
}
