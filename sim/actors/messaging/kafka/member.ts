/** What a member has: the partitions it reads, how far it is in each, and what it is about. */
import { Id } from '../../../engine/rows.ts';
import type { GroupSettings } from '../kafka.settings.ts';
import type { Batch } from './batch.ts';

export interface MemberSpec {
  group: number;
  node: number;
  client: number;
}

/** A member's side of its partitions. */
export interface Member {
  spec: MemberSpec;
  settings: GroupSettings;
  /** Partitions it reads, ascending. */
  owned: number[];
  /** By partition: the next message to process, what the current poll hands out up to, and what was fetched. */
  position: Float64Array;
  handed: Float64Array;
  committed: Float64Array;
  batches: (Batch | null)[];
  /** By partition: the position that the fetch under way asks for. */
  asked: Float64Array;
  /** The row that processes a message, Id.None: none; which message it is, and which try. */
  row: number;
  partition: number;
  tries: number;
  /** Positions that are to be written down before it goes on; how often it has waited so. */
  commits: number;
  round: number;
  left: number;
  turn: number;
  polledNs: number;
  committedNs: number;
  /** A replay is due at the next poll. */
  replays: boolean;
  up: boolean;
}

export function newMember(spec: MemberSpec, settings: GroupSettings, partitions: number): Member {
  return {
    spec,
    settings,
    owned: [],
    position: new Float64Array(partitions),
    handed: new Float64Array(partitions),
    committed: new Float64Array(partitions),
    batches: Array.from({ length: partitions }, () => null),
    asked: new Float64Array(partitions),
    row: Id.None,
    partition: 0,
    tries: 0,
    commits: 0,
    round: 0,
    left: 0,
    turn: 0,
    polledNs: 0,
    committedNs: 0,
    replays: false,
    up: false,
  };
}
