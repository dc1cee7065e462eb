/** Call sites: who calls whom for what, over which path, and what becomes of a call that fails. */
import type { CellDrafts } from './cells.ts';
import type { LaneDrafts } from './lanes.ts';
import type { PathDrafts } from './paths.ts';
import { Id } from '../engine/rows.ts';
import { KeyFrom, type SiteSpec } from '../engine/sites.ts';
import type { CallOptions } from '../scenario/settings.ts';

/** What a call site must say beyond the options of the call, and what it may. */
export type SiteExtra = Partial<SiteSpec> & { callers: number };

export class SiteDrafts {
  readonly all: SiteSpec[] = [];

  constructor(
    private readonly paths: PathDrafts,
    private readonly lanes: LaneDrafts,
    private readonly cells: CellDrafts,
  ) {}

  add(from: number, target: number, op: number, { retry, timeoutNs }: CallOptions, extra: SiteExtra): number {
    return (
      this.all.push({
        target,
        op,
        key: KeyFrom.Request,
        path: this.paths.between(from, target),
        lane: this.lanes.of(timeoutNs),
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
        thereCell: this.cells.of(target, 'network', 'network'),
        backCell: this.cells.of(target, 'network', 'network'),
        retryCell: this.cells.of(from, 'retry', 'retry'),
        cancel: false,
        requestBytes: 0,
        responseBytes: 0,
        ...extra,
      }) - 1
    );
  }
}
