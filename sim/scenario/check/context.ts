/**
 * What every check of a stage sees: the resolved stage, its tree (for places), the component types, and a way to
 * report. Paths are those of the file: `['components', 'app', 'on']`.
 */
import type { ActorLike } from '../component.ts';
import { nearest } from '../nearest.ts';
import { problemAt } from '../problem.ts';
import type { ComponentSettings, Problem, StageSettings } from '../settings.ts';
import { type MapNode, type Path, placeOf } from '../source/tree.ts';
import { callingSteps, type CallingStep, type StepPath, writtenOut } from '../steps.ts';
import type { Step } from '../settings.ts';

/** Only the first problems are ever shown, so only they get a hint that takes a search. */
const HINTS = 40;

/** An operation of a component, as checks see it. */
export interface Operation {
  name: string;
  calls: { step: CallingStep; path: StepPath }[];
  /** How many steps it has, each copy and repetition counted. */
  written: number;
}

export class Context {
  readonly problems: Problem[] = [];
  private readonly components: Map<string, ComponentSettings>;
  private readonly types: Map<string, ActorLike>;
  private readonly operations = new Map<string, Operation[]>();
  /** Answers of `offered`; null while one is being found, so that balancers in a circle end. */
  private readonly offers = new Map<string, string[] | null>();

  constructor(
    readonly stage: StageSettings,
    readonly tree: MapNode,
    types: readonly ActorLike[],
  ) {
    this.components = new Map(stage.components.map((component) => [component.name, component]));
    this.types = new Map(types.map((type) => [type.type, type]));
    for (const component of stage.components) this.operations.set(component.name, operationsOf(component));
  }

  report(
    path: Path,
    message: string,
    hint = '',
    severity: Problem['severity'] = 'error',
    about: 'key' | 'value' = 'value',
  ): void {
    this.problems.push(problemAt(placeOf(this.tree, path, about), message, hint, severity));
  }

  component(name: string): ComponentSettings | null {
    return this.components.get(name) ?? null;
  }

  get componentNames(): string[] {
    return [...this.components.keys()];
  }

  get clientNames(): string[] {
    return this.stage.clients.map((client) => client.name);
  }

  typeOf(component: ComponentSettings): ActorLike | null {
    return this.types.get(component.type) ?? null;
  }

  /** Operations written in the component's own settings, with the calls they make. */
  operationsOf(name: string): Operation[] {
    return this.operations.get(name) ?? [];
  }

  /** Other components that a component's settings name, steps included. */
  references(component: ComponentSettings): { name: string; path: (string | number)[] }[] {
    const inSteps = this.operationsOf(component.name).flatMap((operation) =>
      operation.calls.map(({ step, path }) => ({ name: step.target, path })),
    );
    const known = new Set(inSteps.map(({ name }) => name));
    const others = this.typeOf(component)?.references(component.own) ?? [];
    return [...inSteps, ...others.filter(({ name }) => !known.has(name))];
  }

  /** Those of them that it passes requests on to: all, unless it says which. */
  passedOnTo(component: ComponentSettings): { name: string; path: (string | number)[] }[] {
    const { targets } = component.own as { targets?: { name: string }[] };
    const all = this.references(component);
    return targets === undefined ? all : all.filter(({ name }) => targets.some((target) => target.name === name));
  }

  /** Reports a name that is no component, with the nearest one. */
  unknownComponent(path: Path, name: string, alsoClients = false): void {
    const names = alsoClients ? [...this.componentNames, ...this.clientNames] : this.componentNames;
    const [component, operation] = name.split('.');
    const hint =
      operation !== undefined && names.includes(component)
        ? `write ${component} alone; a call names an operation with op`
        : this.problems.length < HINTS
          ? nearest(name, names)
          : '';
    this.report(path, `unknown component \`${name}\``, hint);
  }

  /**
   * Operations a component can be asked for. A component without its own (a balancer) offers what all it passes on to offer.
   * null: it answers no named operations, or what it passes on to is not known.
   */
  offered(name: string): string[] | null {
    const known = this.offers.get(name);
    if (known !== undefined) return known;
    this.offers.set(name, null);
    const offers = this.findOffers(name);
    this.offers.set(name, offers);
    return offers;
  }

  private findOffers(name: string): string[] | null {
    const component = this.component(name);
    if (component === null) return null;
    const own = this.operationsOf(name);
    if (own.length > 0) return own.map((operation) => operation.name);
    if (!this.typeOf(component)?.serves.includes('named')) return null;
    const lists = this.passedOnTo(component).map((each) => this.offered(each.name));
    if (lists.length === 0 || lists.some((list) => list === null)) return null;
    return (lists as string[][]).reduce((all, list) => all.filter((operation) => list.includes(operation)));
  }
}

function operationsOf(component: ComponentSettings): Operation[] {
  const own = component.own as { operations?: { name: string; steps: Step[] }[] };
  if (!Array.isArray(own?.operations)) return [];
  return own.operations.map(({ name, steps }) => ({
    name,
    calls: callingSteps(steps, ['operations', name]),
    written: writtenOut(steps),
  }));
}
