/**
 * Collects what a stage is made of, while actors compile their settings, and turns it into the tables of a world.
 *
 * Components are known by name before the first is created, so that calls resolve in any order.
 */
import type { Distribution } from '../random/distribution.ts';
import { takesNoTime } from '../random/distribution-facts.ts';
import { Sampler } from '../random/sampler.ts';
import type {
  CallOptions,
  ComponentSettings,
  MachineSettings,
  PublishStep,
  QueueSettings,
  StageSettings,
} from '../scenario/settings.ts';
import { PlaceDrafts } from './places.ts';
import type { Actor } from '../engine/actor-instance.ts';
import { Assembler } from '../engine/code.ts';
import { NodeState, type NodeSpec } from '../engine/nodes.ts';
import type { PathSpec } from '../engine/network.ts';
import { Id } from '../engine/rows.ts';
import { KeyFrom, type SiteSpec } from '../engine/sites.ts';
import { Discipline, type StationSpec } from '../engine/stations.ts';
import { Route, type Cell } from '../engine/world.ts';

export interface MachineDraft extends MachineSettings {
  /** Most jobs that can be runnable at once: beyond the cores they share. */
  tokens: number;
  /** A fault slows or pauses it, so work in progress must be re-timed. */
  retimed: boolean;
  /** Component whose machine it is. */
  component: number;
}

export interface ComponentDraft {
  id: number;
  name: string;
  type: string;
  settings: ComponentSettings | null;
  firstNode: number;
  nodes: number;
  route: Route;
  /** Program that serves every operation it has no own program for (routers), Id.None: there is none. */
  programForAll: number;
  actor: Actor | null;
  /** Components that calls to this one go on to straight from their callers, once it has told these where. */
  straightTo: number[];
  /** Instances callers know of at the start. */
  directory: number[];
  /** Names of its resources, in the order of the report; stations carry the index. */
  resources: string[];
  pricePerMonth: number;
  restartNs: number;
}

export interface PopulationDraft {
  name: string;
  component: number;
  node: number;
}

/** A `publish` step of component `from`, whose row visits component `target` with the number of this as argument. */
export interface Publication {
  from: number;
  target: number;
  step: PublishStep;
  /** What a random key is drawn from, within the row that publishes (see `Calls.keyOf`). */
  random: number;
}

export const OPERATION_OF_VERB = {
  read: '@read',
  write: '@write',
  get: '@get',
  set: '@set',
  delete: '@delete',
} as const;

export class Builder {
  readonly sampler = new Sampler();
  readonly assembler = new Assembler();
  readonly components: ComponentDraft[] = [];
  readonly nodes: NodeSpec[] = [];
  readonly stations: StationSpec[] = [];
  readonly machines: MachineDraft[] = [];
  readonly sites: SiteSpec[] = [];
  readonly paths: PathSpec[] = [];
  readonly lanes: number[] = [];
  private readonly sharedLanes = new Map<number, number>();
  readonly cells: Cell[] = [];
  readonly operations: string[] = [];
  /** component → operation → entry point. */
  readonly programs = new Map<number, Map<number, number>>();
  /** Steps that publish, by number: what a message says of itself. Complete when all components are made. */
  readonly publications: Publication[] = [];
  /** component → operation → priority. */
  readonly priorities = new Map<number, Map<number, number>>();
  private readonly byName = new Map<string, ComponentDraft>();
  private readonly pathIds = new Map<number, number>();
  /** Operations that are another one with core time before it. A base comes before what is built on it. */
  readonly overheads: { operation: number; base: number; cpu: number; opens: boolean }[] = [];
  /** Regions and zones, and which node is in which. */
  readonly places: PlaceDrafts;
  /** Probabilities. */
  readonly tosses: number[] = [];
  private ranks: number[] | null = null;
  private readonly cellIds = new Map<string, number>();

  constructor(readonly stage: StageSettings) {
    this.places = new PlaceDrafts(stage);
    // Cell 0 takes what does not fit into a chain.
    this.cells.push({ component: Id.None, resource: 'other', kind: 'service' });
  }

  /** Makes a component known; ids follow the order of calls (sorted by name). */
  declare(name: string, type: string, settings: ComponentSettings | null): ComponentDraft {
    const draft: ComponentDraft = {
      id: this.components.length,
      name,
      type,
      settings,
      firstNode: 0,
      nodes: 0,
      route: Route.Single,
      programForAll: Id.None,
      straightTo: [],
      actor: null,
      directory: [],
      resources: [],
      pricePerMonth: 0,
      restartNs: Id.None,
    };
    this.components.push(draft);
    this.byName.set(name, draft);
    return draft;
  }

  component(name: string): ComponentDraft {
    const draft = this.byName.get(name);
    if (draft === undefined)
      throw new Error(`no component '${name}': the checks before compiling should have found this`);
    return draft;
  }

  operation(name: string): number {
    const known = this.operations.indexOf(name);
    if (known >= 0) return known;
    return this.operations.push(name) - 1;
  }

  /** A chance that is assumed, not simulated (`Verb.Toss`): its place among them. */
  toss(probability: number): number {
    return this.tosses.push(probability) - 1;
  }

  distribution(d: Distribution): number {
    return this.sampler.add(d);
  }

  cell(component: number, resource: string, kind: Cell['kind']): number {
    const key = `${component} ${kind} ${resource}`;
    const known = this.cellIds.get(key);
    if (known !== undefined) return known;
    const id = this.cells.push({ component, resource, kind }) - 1;
    this.cellIds.set(key, id);
    return id;
  }

  /** A machine for the i-th instance of a component: its own, or the one of the component it stands on. */
  machine(settings: ComponentSettings, instance: number, tokens: number): number {
    if (settings.on !== null) {
      const host = this.component(settings.on);
      const id = this.nodes[host.firstNode + (instance % Math.max(1, host.nodes))].machine;
      this.machines[id].tokens += tokens;
      return id;
    }
    const component = this.component(settings.name).id;
    return this.machines.push({ ...settings.machine, tokens, retimed: false, component }) - 1;
  }

  /** @param place where it stands, if not where it is its turn in what the component's `in` says */
  node(component: ComponentDraft, spec: Partial<NodeSpec> & { machine: number }, place?: number): number {
    const id =
      this.nodes.push({
        component: component.id,
        intake: Id.None,
        loops: Id.None,
        loopCount: 0,
        loopLimit: Infinity,
        perRequestBytes: 0,
        baseBytes: 0,
        stations: [],
        state: NodeState.Up,
        ...spec,
      }) - 1;
    if (component.nodes === 0) component.firstNode = id;
    this.places.ofNode.push(place ?? this.placeInTurn(component));
    component.nodes++;
    if (this.nodes[id].state === NodeState.Up) component.directory.push(id);
    return id;
  }

  /** Where the next instance of a component stands: by its own settings, or with the machine it stands on. */
  private placeInTurn({ settings, nodes }: ComponentDraft): number {
    if (settings === null) return 0;
    if (settings.in !== undefined) return this.places.inTurn(settings.in, nodes);
    if (settings.on === null) return 0;
    const host = this.component(settings.on);
    return this.places.ofNode[host.firstNode + (nodes % Math.max(1, host.nodes))];
  }

  /** A station of a node. `hold` names what holding a token means in the report. */
  station(
    node: number,
    resource: string,
    capacity: number,
    queue: QueueSettings,
    wait: Cell['kind'] = 'waiting',
  ): number {
    const component = this.components[this.nodes[node].component];
    let group = component.resources.indexOf(resource);
    if (group < 0) group = component.resources.push(resource) - 1;
    return (
      this.stations.push({
        node,
        resource,
        capacity,
        limit: queue.limit ?? Infinity,
        discipline:
          queue.discipline === 'lifo'
            ? Discipline.Lifo
            : queue.discipline === 'priority'
              ? Discipline.Priority
              : Discipline.Fifo,
        patience: queue.patience === null ? Id.None : this.distribution(queue.patience),
        waitCell: this.cell(component.id, resource, wait),
        holdCell: this.cell(component.id, resource, 'service'),
        group,
      }) - 1
    );
  }

  /** The timeout lane that calls share, Id.None: they wait for ever. */
  lane(timeoutNs: number | null): number {
    if (timeoutNs === null) return Id.None;
    const known = this.sharedLanes.get(timeoutNs);
    if (known !== undefined) return known;
    const lane = this.ownLane(timeoutNs);
    this.sharedLanes.set(timeoutNs, lane);
    return lane;
  }

  /** Another one, for whoever asks. */
  ownLane(timeoutNs: number | null): number {
    return timeoutNs === null ? Id.None : this.lanes.push(timeoutNs) - 1;
  }

  /** The network path between two components: as a link says, none on one machine, else as their places have it. */
  path(from: number, to: number): number {
    const key = from * 65536 + to;
    const known = this.pathIds.get(key);
    if (known !== undefined) return known;
    const a = this.components[from].name;
    const b = this.components[to].name;
    const link = this.stage.links.find((l) => l.from === a && l.to === b) ?? null;
    const id = this.paths.length;
    this.pathIds.set(key, id);
    const zero = this.distribution({ kind: 'constant', value: 0 });
    const loss = link?.loss ?? 0;
    if (link !== null && link.delay !== null) {
      const delay = this.distribution(link.delay);
      const response = link.response === null ? delay : this.distribution(link.response);
      this.paths.push({ from, to, delay, response, loss });
    } else if (this.together(from, to)) this.paths.push({ from, to, delay: zero, response: zero, loss });
    else this.paths.push({ from, to, delay: Id.None, response: Id.None, loss });
    return id;
  }

  /** Gives the paths their delays, now that it is known where every instance stands. */
  settlePaths(): void {
    for (const path of this.paths) if (path.delay === Id.None) Object.assign(path, this.far(path.from, path.to));
  }

  /** The delay between two components by where they stand. */
  private far(from: number, to: number): Pick<PathSpec, 'delay' | 'response' | 'spread'> {
    const { places } = this;
    const here = this.placesOf(from);
    const there = this.placesOf(to);
    const users =
      this.components[from].type === 'clients' ? 'from' : this.components[to].type === 'clients' ? 'to' : null;
    const back = users === null ? null : users === 'from' ? 'to' : 'from';
    if (here.length === 1 && there.length === 1)
      return {
        delay: this.distribution(places.delay(here[0], there[0], users)),
        response: this.distribution(places.delay(there[0], here[0], back)),
      };
    const count = places.names.length;
    const usual = this.distribution(this.stage.networkDelay);
    const spread = new Int32Array(count * count).fill(usual);
    for (const a of here)
      for (const b of there) {
        spread[b * count + a] = this.distribution(places.delay(b, a, back));
        spread[a * count + b] = this.distribution(places.delay(a, b, users));
      }
    return { delay: usual, response: usual, spread };
  }

  /** The different places that the instances of a component stand in. Known when all components are made. */
  private placesOf(component: number): number[] {
    const { firstNode, nodes } = this.components[component];
    return [...new Set(this.places.ofNode.slice(firstNode, firstNode + nodes))];
  }

  /** Components that a component may pass requests or messages on to besides its call sites. */
  routedTo(component: ComponentDraft): number[] {
    const own = component.settings?.own as { targets?: { name: string }[] } | undefined;
    return [component.id, ...(own?.targets ?? []).map((t) => this.component(t.name).id)];
  }

  /** Do two components stand on one machine? */
  together(a: number, b: number): boolean {
    const ground = (id: number): string => {
      let name = this.components[id].name;
      for (let on = this.components[id].settings?.on ?? null; on !== null; on = this.component(on).settings?.on ?? null)
        name = on;
      return name;
    };
    return a !== b && ground(a) === ground(b);
  }

  /** A call site from component `from`. */
  site(
    from: number,
    target: number,
    op: number,
    options: CallOptions,
    extra: Partial<SiteSpec> & { callers: number },
  ): number {
    const { retry } = options;
    return (
      this.sites.push({
        target,
        op,
        key: KeyFrom.Request,
        path: this.path(from, target),
        lane: this.lane(options.timeoutNs),
        attempts: retry.attempts,
        baseNs: retry.backoff.baseNs,
        capNs: retry.backoff.capNs,
        factor: retry.backoff.factor,
        jitter: retry.backoff.jitter,
        budgetRatio: retry.budget === null ? -1 : retry.budget.ratio,
        budgetBurst: retry.budget === null ? 0 : retry.budget.burst,
        toAll: false,
        first: 0,
        otherwise: Id.None,
        pool: Id.None,
        thereCell: this.cell(target, 'network', 'network'),
        backCell: this.cell(target, 'network', 'network'),
        retryCell: this.cell(from, 'retry', 'retry'),
        cancel: false,
        requestBytes: 0,
        responseBytes: 0,
        ...extra,
      }) - 1
    );
  }

  /** Operation `base` with so much core time before it: what an encoding or a handshake adds at whoever is called. */
  operationAfter(base: number, cpu: Distribution, opens = false): number {
    if (takesNoTime(cpu)) return base;
    const name = `${this.operations[base]} after ${JSON.stringify(cpu)}`;
    const known = this.operations.indexOf(name);
    if (known >= 0) return known;
    const id = this.operation(name);
    this.overheads.push({ operation: id, base, cpu: this.distribution(cpu), opens });
    return id;
  }

  program(component: number, operation: number, pc: number): void {
    let programs = this.programs.get(component);
    if (programs === undefined) this.programs.set(component, (programs = new Map()));
    programs.set(operation, pc);
  }

  priority(component: number, operation: number, priority: number): void {
    let priorities = this.priorities.get(component);
    if (priorities === undefined) this.priorities.set(component, (priorities = new Map()));
    priorities.set(operation, this.rank(priority));
  }

  /** Place of a priority among those of the stage, the lowest first: rows have three bits for it. */
  rank(priority: number): number {
    this.ranks ??= prioritiesOf(this.stage);
    return Math.min(7, this.ranks.indexOf(priority));
  }

  /** The operation a call without `op` means: the caller's own name if the target offers it, else the only one. */
  operationFor(target: string, wanted: string | null, current: string): string {
    if (wanted !== null) return wanted;
    const offered = this.offered(target, new Set());
    if (offered.includes(current)) return current;
    return offered[0] ?? current;
  }

  /** Names of the operations a component offers, directly or through what it passes requests on to. */
  private offered(name: string, seen: Set<string>): string[] {
    if (seen.has(name)) return [];
    seen.add(name);
    const own = this.component(name).settings?.own as
      | { operations?: { name: string }[]; targets?: { name: string }[] }
      | undefined;
    if (own?.operations !== undefined) return own.operations.map((o) => o.name);
    return (own?.targets ?? []).flatMap((t) => this.offered(t.name, seen));
  }
}

/** The priority of work that no client asked for (a CDN's fetch of its own, applying a log): that of clients who say none. */
const OWN_WORK = 0;

/** Every different priority of a stage, ascending: its own work has the first place, whoever else there is. */
function prioritiesOf(stage: StageSettings): number[] {
  const ofComponents = stage.components.flatMap(
    ({ own }) => (own as { priorities?: { priority: number }[] }).priorities ?? [],
  );
  const all = new Set([OWN_WORK, ...[...stage.clients, ...ofComponents].map(({ priority }) => priority)]);
  return [...all].sort((a, b) => a - b);
}
