/** Who listens to which channel: as an instance of a bus knows it, or as the listeners want it. */
export class Subscriptions {
  private readonly channels = new Map<number, number[]>();
  private readonly ofNode = new Map<number, Set<number>>();

  /** Nodes that listen to a channel, in the order of their numbers. */
  to(channel: number): readonly number[] {
    return this.channels.get(channel) ?? NOBODY;
  }

  /** Channels of a node. */
  of(node: number): Iterable<number> {
    return this.ofNode.get(node) ?? [];
  }

  /** Does the node listen to anything? */
  has(node: number): boolean {
    return (this.ofNode.get(node)?.size ?? 0) > 0;
  }

  add(channel: number, node: number): void {
    let own = this.ofNode.get(node);
    if (own === undefined) this.ofNode.set(node, (own = new Set()));
    if (own.has(channel)) return;
    own.add(channel);
    const list = this.channels.get(channel);
    if (list === undefined) this.channels.set(channel, [node]);
    else {
      list.push(node);
      list.sort((a, b) => a - b);
    }
  }

  remove(channel: number, node: number): void {
    if (this.ofNode.get(node)?.delete(channel) !== true) return;
    const list = this.channels.get(channel)!;
    if (list.length === 1) this.channels.delete(channel);
    else list.splice(list.indexOf(node), 1);
  }

  removeNode(node: number): void {
    for (const channel of this.of(node)) this.remove(channel, node);
  }

  clear(): void {
    this.channels.clear();
    this.ofNode.clear();
  }
}

const NOBODY: readonly number[] = [];
