/** What a CDN counts during the window, over all its points of presence. */
export class Tally {
  /** Requests of users for content and for what is dynamic: hits + misses + passes. */
  requests = 0;
  /** Served from a copy at once, stale ones included. */
  hits = 0;
  misses = 0;
  passes = 0;
  /** Misses that waited for the fetch of another one. */
  coalesced = 0;
  /** Served although it had expired. */
  expiredServed = 0;
  /** Served though something newer had been acknowledged before the user asked. */
  staleHits = 0;
  /** Requests passed on: fetches, revalidations, passes. */
  toOrigin = 0;
  toShield = 0;
  /** Answers that said a copy is still good. */
  notModified = 0;
  bytesFetched = 0;
  /** Purges ordered. */
  purges = 0;

  /** Where the bytes served are summed, in the order in which they are: by the core as well. */
  private served = new Float64Array(1);

  get bytesServed(): number {
    return this.served[0];
  }

  set bytesServed(bytes: number) {
    this.served[0] = bytes;
  }

  /** From now on they are summed here. */
  share(served: Float64Array<ArrayBuffer>): void {
    served[0] = this.served[0];
    this.served = served;
  }

  reset(): void {
    this.requests = 0;
    this.hits = 0;
    this.misses = 0;
    this.passes = 0;
    this.coalesced = 0;
    this.expiredServed = 0;
    this.staleHits = 0;
    this.toOrigin = 0;
    this.toShield = 0;
    this.notModified = 0;
    this.bytesServed = 0;
    this.bytesFetched = 0;
    this.purges = 0;
  }

  /** Hits ÷ requests for content; no figure where nobody asked. */
  ratio(): Record<string, number> {
    const gets = this.hits + this.misses;
    return gets === 0 ? {} : { hitRatio: this.hits / gets };
  }
}
