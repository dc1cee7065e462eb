/**
 * `limiter`: passes requests on to one component, so many a second on average; what is more it turns away at once.
 *
 * A token bucket per instance: it fills at `rate` up to `burst`, and each request takes one token.
 */
import * as z from 'zod';
import type { ActorType } from '../../sim/compile/actor-type.ts';
import type { ComponentDraft } from '../../sim/compile/components.ts';
import { Actor, Step } from '../../sim/engine/actor-instance.ts';
import { Verb } from '../../sim/engine/code.ts';
import { Flag, ICol, Id, Status, Stride } from '../../sim/engine/rows.ts';
import { Route } from '../../sim/engine/world.ts';
import { count, rate, reference } from '../../sim/scenario/fields.ts';

// 1. What a scenario may say about it. Each field parses its unit and carries its line of the documentation.
const settings = z
  .strictObject({
    target: reference('Component that requests are passed on to.'),
    rate: rate('Requests let through, on average.'),
    burst: count('Requests let through at once after a quiet time.').prefault(10),
  })
  // `targets` is how the compiler learns where a router passes requests on to.
  .transform((s) => ({ targets: [{ name: s.target }], ratePerSecond: s.rate, burst: s.burst }));

type LimiterSettings = z.output<typeof settings>;

// 2. What it is to the rest of Tenfold.
export const limiter: ActorType<LimiterSettings> = {
  type: 'limiter',
  summary: 'Passes requests on, so many a second, and turns the rest away.',
  picture: 'diamond',
  settings,
  serves: ['named'],
  references: (own) => own.targets.map(({ name }) => ({ name, path: ['target'] })),
  metrics: { turnedAway: 'count' },

  // Before time zero: settings become nodes and a program.
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.instances; i++) {
      builder.node(draft, { machine: builder.machine(component, i, 0) });
    }
    draft.route = component.instances === 1 ? Route.Single : Route.Turn;
    draft.programForAll = builder.assembler.pc;
    builder.assembler.emit(Verb.Actor);
    builder.assembler.emit(Verb.Forward);
    return new Limiter(draft, component.own);
  },
};

// 3. What it does while the simulation runs.
class Limiter extends Actor {
  /** Per instance: tokens in the bucket, and when it was last filled, ns. */
  private readonly tokens: Float64Array;
  private readonly filledAt: Float64Array;
  private passed = 0;
  private turnedAway = 0;
  private turn = 0;

  constructor(
    draft: ComponentDraft,
    private readonly own: LimiterSettings,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.tokens = new Float64Array(draft.nodes).fill(own.burst);
    this.filledAt = new Float64Array(draft.nodes);
  }

  /** The `Actor` verb: a request is here. Takes a token, or ends the request at once. */
  override step(row: number): number {
    const { rows } = this.world;
    const at = row * Stride.I;
    const instance = rows.I[at + ICol.Node] - this.firstNode;
    this.fill(instance);
    if (this.tokens[instance] < 1) {
      this.turnedAway++;
      rows.I[at + ICol.Flags] = (rows.I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Rejected;
      return Step.Finish;
    }
    this.tokens[instance]--;
    this.passed++;
    return Step.Continue;
  }

  private fill(instance: number): void {
    const now = this.world.clock[0];
    const earned = ((now - this.filledAt[instance]) / 1e9) * this.own.ratePerSecond;
    this.tokens[instance] = Math.min(this.own.burst, this.tokens[instance] + earned);
    this.filledAt[instance] = now;
  }

  /** The `Forward` verb: which node the request goes to. It knows what service discovery says, not who is well. */
  override choose(): number {
    const { components } = this.world;
    const directory = components.directory[components.name.indexOf(this.own.targets[0].name)];
    return directory.length === 0 ? Id.None : directory[this.turn++ % directory.length];
  }

  /** A process that dies forgets what it has counted. */
  override onRestart(node: number): void {
    this.tokens[node - this.firstNode] = this.own.burst;
    this.filledAt[node - this.firstNode] = this.world.clock[0];
  }

  // 4. What it reports, from the end of the warm-up, and what must always hold.
  override resetFigures(): void {
    this.turnedAway = 0;
  }

  override figures(): Record<string, number> {
    return { turnedAway: this.turnedAway };
  }

  override violation(): string {
    const most = (this.own.burst + (this.world.clock[0] / 1e9) * this.own.ratePerSecond) * this.nodeCount;
    return this.passed > most + 1 ? `${this.name} let ${this.passed} requests pass, at most ${most} are due` : '';
  }
}
