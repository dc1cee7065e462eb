/**
 * Collects what a stage is made of, while actors compile their settings; `stage.ts` turns it into the tables of a world.
 *
 * Here is what actors may ask for. How each kind of thing is drafted is in a file of its own; all give out numbers in the
 * order in which they are asked, and results depend on these numbers.
 */
import { CellDrafts } from './cells.ts';
import { type ComponentDraft, ComponentDrafts } from './components.ts';
import { LaneDrafts } from './lanes.ts';
import { type MachineDraft, NodeDrafts } from './nodes.ts';
import { OperationDrafts } from './operations.ts';
import { PathDrafts } from './paths.ts';
import { PlaceDrafts } from './places.ts';
import { PriorityDrafts } from './priorities.ts';
import type { Publication } from './publication.ts';
import { SiteDrafts, type SiteExtra } from './sites.ts';
import { StationDrafts } from './stations.ts';
import { Assembler } from '../engine/code.ts';
import type { PathSpec } from '../engine/network.ts';
import type { NodeSpec } from '../engine/nodes.ts';
import type { SiteSpec } from '../engine/sites.ts';
import type { StationSpec } from '../engine/stations.ts';
import type { Cell } from '../engine/world.ts';
import type { Distribution } from '../random/distribution.ts';
import { Sampler } from '../random/sampler.ts';
import type { CallOptions, ComponentSettings, QueueSettings, StageSettings } from '../scenario/settings.ts';

export class Builder {
  readonly sampler = new Sampler();
  readonly assembler = new Assembler();
  /** Regions and zones, and which node is in which. */
  readonly places: PlaceDrafts;
  /** Steps that publish, by number: what a message says of itself. Complete when all components are made. */
  readonly publications: Publication[] = [];
  /** Probabilities. */
  readonly tosses: number[] = [];

  private readonly componentDrafts = new ComponentDrafts();
  private readonly operationDrafts = new OperationDrafts(this.sampler);
  private readonly cellDrafts = new CellDrafts();
  private readonly laneDrafts = new LaneDrafts();
  private readonly priorityDrafts: PriorityDrafts;
  private readonly nodeDrafts: NodeDrafts;
  private readonly stationDrafts: StationDrafts;
  private readonly pathDrafts: PathDrafts;
  private readonly siteDrafts: SiteDrafts;

  // What has been drafted so far, by number.

  readonly components = this.componentDrafts.all;
  readonly operations = this.operationDrafts.names;
  /** component → operation → entry point. */
  readonly programs = this.operationDrafts.programs;
  /** Operations that are another one with core time before it. A base comes before what is built on it. */
  readonly overheads = this.operationDrafts.overheads;
  readonly cells = this.cellDrafts.all;
  readonly lanes = this.laneDrafts.all;
  /** component → operation → priority. */
  readonly priorities: PriorityDrafts['all'];
  readonly nodes: NodeSpec[];
  readonly machines: MachineDraft[];
  readonly stations: StationSpec[];
  readonly paths: PathSpec[];
  readonly sites: SiteSpec[];

  constructor(readonly stage: StageSettings) {
    const { componentDrafts, cellDrafts, laneDrafts, sampler } = this;
    this.places = new PlaceDrafts(stage);
    this.priorityDrafts = new PriorityDrafts(stage);
    this.nodeDrafts = new NodeDrafts(componentDrafts, this.places);
    this.stationDrafts = new StationDrafts(componentDrafts, this.nodeDrafts, cellDrafts, sampler);
    this.pathDrafts = new PathDrafts(stage, componentDrafts, this.nodeDrafts, this.places, sampler);
    this.siteDrafts = new SiteDrafts(this.pathDrafts, laneDrafts, cellDrafts);
    this.priorities = this.priorityDrafts.all;
    this.nodes = this.nodeDrafts.all;
    this.machines = this.nodeDrafts.machines;
    this.stations = this.stationDrafts.all;
    this.paths = this.pathDrafts.all;
    this.sites = this.siteDrafts.all;
  }

  /** Makes a component known; ids follow the order of calls (sorted by name). */
  declare(name: string, type: string, settings: ComponentSettings | null): ComponentDraft {
    return this.componentDrafts.declare(name, type, settings);
  }

  component(name: string): ComponentDraft {
    return this.componentDrafts.named(name);
  }

  operation(name: string): number {
    return this.operationDrafts.named(name);
  }

  /** Operation `base` with so much core time before it: what an encoding or a handshake adds at whoever is called. */
  operationAfter(base: number, cpu: Distribution, opens = false): number {
    return this.operationDrafts.after(base, cpu, opens);
  }

  program(component: number, operation: number, pc: number): void {
    this.operationDrafts.program(component, operation, pc);
  }

  priority(component: number, operation: number, priority: number): void {
    this.priorityDrafts.set(component, operation, priority);
  }

  /** Place of a priority among those of the stage. */
  rank(priority: number): number {
    return this.priorityDrafts.rank(priority);
  }

  /** A chance that is assumed, not simulated (`Verb.Toss`): its place among them. */
  toss(probability: number): number {
    return this.tosses.push(probability) - 1;
  }

  distribution(d: Distribution): number {
    return this.sampler.add(d);
  }

  cell(component: number, resource: string, kind: Cell['kind']): number {
    return this.cellDrafts.of(component, resource, kind);
  }

  /** A machine for the i-th instance of a component: its own, or the one of the component it stands on. */
  machine(settings: ComponentSettings, instance: number, tokens: number): number {
    return this.nodeDrafts.machine(settings, instance, tokens);
  }

  /** @param place where it stands, if not where it is its turn in what the component's `in` says */
  node(component: ComponentDraft, spec: Partial<NodeSpec> & { machine: number }, place?: number): number {
    return this.nodeDrafts.add(component, spec, place);
  }

  /** Do two components stand on one machine? */
  together(a: number, b: number): boolean {
    return this.nodeDrafts.together(a, b);
  }

  /** A station of a node. `wait` names what waiting for a token means in the report. */
  station(
    node: number,
    resource: string,
    capacity: number,
    queue: QueueSettings,
    wait: Cell['kind'] = 'waiting',
  ): number {
    return this.stationDrafts.add(node, resource, capacity, queue, wait);
  }

  /** A timeout lane that other calls do not share, Id.None: they wait for ever. */
  ownLane(timeoutNs: number | null): number {
    return this.laneDrafts.own(timeoutNs);
  }

  /** The network path between two components. */
  path(from: number, to: number): number {
    return this.pathDrafts.between(from, to);
  }

  /** Gives the paths their delays, now that it is known where every instance stands. */
  settlePaths(): void {
    this.pathDrafts.settle();
  }

  /** A call site from component `from`. */
  site(from: number, target: number, op: number, options: CallOptions, extra: SiteExtra): number {
    return this.siteDrafts.add(from, target, op, options, extra);
  }
}
