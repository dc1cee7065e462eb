/**
 * Passive health: watches the answers to real requests, and ejects a target that fails too often.
 *
 * A failure is any answer that is not a success: an error, a full queue (an HTTP 503), a refused or reset connection,
 * no answer in time (as Envoy's outlier detection and nginx's `max_fails` with `http_5xx` count them). A caller who
 * gives up is no failure of the target. So many failures within so long eject it, for a fixed time.
 */
export interface OutlierSettings {
  failures: number;
  withinNs: number;
  ejectNs: number;
}

export class Outliers {
  /** Times of the last failures of each target, a ring; made when it first fails. */
  private readonly times: (Float64Array | null)[];
  private readonly at: Int32Array;
  /** When each target's last ejection ends, ns. */
  readonly ends: Float64Array;

  constructor(
    size: number,
    private readonly settings: OutlierSettings,
  ) {
    this.times = Array.from({ length: size }, () => null);
    this.at = new Int32Array(size);
    this.ends = new Float64Array(size);
  }

  /** A request failed at a target. True: that was one too many. */
  failed(slot: number, nowNs: number): boolean {
    const { failures, withinNs } = this.settings;
    let times = this.times[slot];
    if (times === null) this.times[slot] = times = new Float64Array(failures).fill(-Infinity);
    const at = this.at[slot];
    times[at] = nowNs;
    this.at[slot] = at + 1 === failures ? 0 : at + 1;
    // The oldest of the last `failures` stands where the next one will go.
    return nowNs - times[this.at[slot]] <= withinNs;
  }

  /** Starts to count anew. */
  forget(slot: number): void {
    this.times[slot]?.fill(-Infinity);
  }
}
