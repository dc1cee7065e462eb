/**
 * Who is who in a replicated database: shards, the copies of each, and the numbers that name them.
 *
 * A member is one voter of one shard: its data nodes, and behind them the witness where there is one (one witness node
 * votes for all shards). Arrays about roles, terms and logs are indexed by member.
 */
export class Members {
  /** Members of one shard. */
  readonly size: number;
  /** All members. */
  readonly count: number;
  /** Votes that decide: more than half of the members of a shard. */
  readonly majority: number;

  /**
   * @param copies data nodes of a shard
   * @param firstNode data node 0; those of a shard stand side by side
   * @param witness node of the witness, -1: none
   */
  constructor(
    readonly shards: number,
    readonly copies: number,
    readonly firstNode: number,
    readonly witness: number,
  ) {
    this.size = copies + (witness < 0 ? 0 : 1);
    this.count = shards * this.size;
    this.majority = Math.floor(this.size / 2) + 1;
  }

  shardOf(member: number): number {
    return Math.floor(member / this.size);
  }

  slotOf(member: number): number {
    return member % this.size;
  }

  /** First member of the member's shard. */
  firstOf(member: number): number {
    return member - (member % this.size);
  }

  isWitness(member: number): boolean {
    return member % this.size === this.copies;
  }

  nodeOf(member: number): number {
    const slot = member % this.size;
    return slot === this.copies ? this.witness : this.firstNode + this.shardOf(member) * this.copies + slot;
  }

  /** The member that a data node is. */
  ofNode(node: number): number {
    const i = node - this.firstNode;
    return this.size === this.copies ? i : Math.floor(i / this.copies) * this.size + (i % this.copies);
  }

  /** The member that `node` is in the conversation with `other`; a witness is in every shard. */
  between(node: number, other: number): number {
    if (node !== this.witness) return this.ofNode(node);
    return this.firstOf(this.ofNode(other)) + this.copies;
  }
}
