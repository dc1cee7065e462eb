/**
 * What happened that people care about by name: faults, detections, promotions, scaling. Cold; the only place in the
 * engine where words are kept.
 */
export type HappeningKind =
  | 'fault' | 'heal' | 'crash' | 'restart' | 'out-of-memory' | 'detected' | 'recovered-target' | 'election' | 'promoted'
  | 'fenced' | 'scale-out' | 'scale-in' | 'ready' | 'drained' | 'lost-writes';

export interface Happening {
  atNs: number;
  kind: HappeningKind;
  component: number;
  /** Node concerned, -1: the component as a whole. */
  node: number;
  what: string;
  /** Fault index it belongs to, -1: none known. */
  fault: number;
  /** A number that goes with it (writes lost, instances). */
  value: number;
}

/** More than this many are counted, not kept. */
const MOST = 20_000;

export class History {
  readonly list: Happening[] = [];
  dropped = 0;

  constructor(private readonly clock: Float64Array) {}

  add(kind: HappeningKind, component: number, node: number, what: string, value = 0, fault = -1): void {
    if (this.list.length >= MOST) this.dropped++;
    else this.list.push({ atNs: this.clock[0], kind, component, node, what, fault, value });
  }
}
