/** Components of a stage, known by name before the first is created, so that calls resolve in any order. */
import type { Actor } from '../engine/actor-instance.ts';
import { Id } from '../engine/rows.ts';
import { Route } from '../engine/world.ts';
import type { ComponentSettings } from '../scenario/settings.ts';

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

export class ComponentDrafts {
  readonly all: ComponentDraft[] = [];
  private readonly byName = new Map<string, ComponentDraft>();

  /** Makes a component known; ids follow the order of calls (sorted by name). */
  declare(name: string, type: string, settings: ComponentSettings | null): ComponentDraft {
    const draft: ComponentDraft = {
      id: this.all.length,
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
    this.all.push(draft);
    this.byName.set(name, draft);
    return draft;
  }

  named(name: string): ComponentDraft {
    const draft = this.byName.get(name);
    if (draft === undefined)
      throw new Error(`no component '${name}': the checks before compiling should have found this`);
    return draft;
  }
}
