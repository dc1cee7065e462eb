/**
 * What a component type is to the rest of Tenfold: the words around the loop.
 *
 * One file per type exports one `ActorType`; the registry has one line for it. Schema, documentation, report row and
 * picture follow from it.
 */
import type { z } from 'zod';
import type { ComponentSettings, OwnFinding, PublishStep, StageSettings } from '../scenario/settings.ts';
import type { Actor } from '../engine/actor-instance.ts';
import type { Builder } from './builder.ts';

/** What a program step may ask of a component of this type; a server's own operations are 'named'. */
export type Served = 'named' | 'read' | 'write' | 'get' | 'set' | 'delete' | 'publish';

export interface ActorType<Own = any> {
  type: string;
  /** One sentence for the documentation. */
  summary: string;
  /** How it is drawn, in a word: 'box', 'drum', 'diamond' … */
  picture: string;
  /** Schema of the settings of this type alone (name, type, instances, machine, on are common). */
  settings: z.ZodType<Own>;
  /** The steps that may name it as a target. */
  serves: readonly Served[];
  /** Names of other components that these settings mention, with their path, for reference checks. */
  references(own: Own): { name: string; path: (string | number)[] }[];
  /** Settings → nodes, stations, programs. Called once per component before time zero. */
  create(settings: ComponentSettings<Own>, builder: Builder): Actor;
  /** Threshold metrics this type adds: name → unit. */
  metrics: Record<string, 'ratio' | 'ms' | 'count' | 'perSecond'>;
  /** What is wrong with a `publish` step towards it (an unknown topic, an option without effect), null: nothing. */
  accepts?(own: Own, step: PublishStep): { option: string; message: string; hint?: string } | null;
  /** Components that its callers call by themselves, once it has told them where (a name). */
  tells?(own: Own): string[];
  /** How many nodes its own settings ask for (replicas, ring nodes); then `instances` is refused. */
  nodes?(own: Own): number;
  /** What is wrong with a component in its stage beyond its schema; paths are relative to the component. */
  check?(component: ComponentSettings<Own>, stage: StageSettings): OwnFinding[];
}
