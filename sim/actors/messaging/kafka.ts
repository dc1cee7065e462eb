/**
 * `kafka`: a replicated log. Topics of partitions on brokers, producers that batch, consumer groups that share out
 * partitions and read at their own pace, and again.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import type { Publication } from '../../compile/publication.ts';
import { Actor } from '../../engine/actor-instance.ts';
import { accepts, check, type KafkaSettings, nodes, references, settings } from './kafka.settings.ts';
import { withEach } from './kafka/each.ts';
import { figuresOf } from './kafka/figures.ts';
import { Log } from './kafka/log.ts';
import { compileKafka, type Compiled } from './kafka/programs.ts';

export const kafka: ActorType<KafkaSettings> & { nodes: typeof nodes } = {
  type: 'kafka',
  summary: 'A replicated log: topics of partitions on brokers, producers that batch, consumer groups.',
  picture: 'log',
  settings,
  nodes,
  check,
  accepts,
  serves: ['publish'],
  references,
  metrics: {
    published: 'count',
    accepted: 'count',
    publishFailed: 'count',
    acknowledgedWritesLost: 'count',
    appendedTwice: 'count',
    processed: 'count',
    duplicates: 'count',
    missed: 'count',
    skipped: 'count',
    expired: 'count',
    replayed: 'count',
    rebalances: 'count',
    lag: 'count',
    lagMean: 'count',
    lagMax: 'count',
    endToEndMs: 'ms',
    endToEndP50Ms: 'ms',
    endToEndP99Ms: 'ms',
    endToEndMaxMs: 'ms',
    underReplicated: 'count',
    leaderless: 'count',
  },
  create(component, builder) {
    const own = withEach(component.own, builder.stage);
    const compiled = compileKafka({ ...component, own }, builder);
    return new Kafka(builder.component(component.name), own, compiled, builder.publications);
  },
};

class Kafka extends Actor {
  private log!: Log;

  constructor(
    draft: ComponentDraft,
    private readonly own: KafkaSettings,
    private readonly compiled: Compiled,
    private readonly publications: readonly Publication[],
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
  }

  override start(): void {
    this.log = new Log(this.kernel, this.world, this, this.own, this.compiled, this.publications);
    this.log.start();
  }

  override route(row: number, site: number): number {
    return this.log.route(row, site);
  }

  override step(row: number, act: number): number {
    return this.log.step(row, act);
  }

  override visit(row: number, argument: number): number {
    return this.log.visit(row, argument);
  }

  override onDone(row: number, status: number): void {
    this.log.polls.onDone(row, status);
  }

  override isGuestOf(component: number): boolean {
    return this.compiled.publishers.includes(component) || this.compiled.consumers.includes(component);
  }

  override onTimer(code: number, _node: number, value: number, data: number): void {
    this.log.onTimer(code, value, data);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    this.log.onMessage(code, from, to, value, data);
  }

  override onRefused(code: number, _from: number, _to: number, value: number, data: number): void {
    this.log.onRefused(code, value, data);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    this.log.roles.stopped(node - this.firstNode);
    if (how !== 'pause') this.log.roles.crashed(node - this.firstNode, how);
  }

  override onRestart(node: number): void {
    this.log.roles.restart(node - this.firstNode);
  }

  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.log.hostCrashed(node);
  }

  override onHostRestart(node: number): void {
    this.log.hostRestarted(node);
  }

  override resetFigures(): void {
    this.log.books.resetFigures();
  }

  override figures(): Record<string, number> {
    return figuresOf(this.log);
  }

  override violation(): string {
    return this.log.books.wrong;
  }
}
