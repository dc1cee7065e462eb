/** What a cache counts during the window, over all its nodes. */
export class Tally {
  hits = 0;
  misses = 0;
  /** Misses that waited for another one's answer and got it: they cost the origin nothing. */
  coalesced = 0;
  /** Answers older than what had been acknowledged before the caller asked. */
  staleHits = 0;
  /** What the core has dropped to make room, and what of it had expired, which is no eviction. Stores count their own. */
  evictions = 0;
  expired = 0;

  reset(): void {
    this.hits = 0;
    this.misses = 0;
    this.coalesced = 0;
    this.staleHits = 0;
    this.evictions = 0;
    this.expired = 0;
  }

  /** Hits ÷ gets; no figure where nobody asked. */
  ratio(): Record<string, number> {
    const gets = this.hits + this.misses;
    return gets === 0 ? {} : { hitRatio: this.hits / gets };
  }
}
