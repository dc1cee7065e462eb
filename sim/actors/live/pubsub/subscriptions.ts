/**
 * Who listens to which channel: as an instance of a bus knows it, or as the listeners want it. Most channels have one or
 * two listeners and there may be a hundred thousand of them, so a single listener stands as a number.
 */
export class Subscriptions {
  private readonly channels = new Map<number, number | number[]>();
  private readonly count = new Map<number, number>();
  private readonly single: number[] = [0];

  /** Nodes that listen to a channel, in the order of their numbers; valid until the next call. */
  to(channel: number): readonly number[] {
    const found = this.channels.get(channel);
    if (found === undefined) return NOBODY;
    if (typeof found !== 'number') return found;
    this.single[0] = found;
    return this.single;
  }

  /** Channels of a node. Cold: looks at all. */
  of(node: number): number[] {
    const found: number[] = [];
    for (const [channel, who] of this.channels) if (isIn(who, node)) found.push(channel);
    return found;
  }

  /** Does the node listen to anything? */
  has(node: number): boolean {
    return (this.count.get(node) ?? 0) > 0;
  }

  add(channel: number, node: number): void {
    const found = this.channels.get(channel);
    if (found === undefined) this.channels.set(channel, node);
    else if (isIn(found, node)) return;
    else if (typeof found === 'number') this.channels.set(channel, found < node ? [found, node] : [node, found]);
    else found.splice(placeFor(found, node), 0, node);
    this.count.set(node, (this.count.get(node) ?? 0) + 1);
  }

  remove(channel: number, node: number): void {
    const found = this.channels.get(channel);
    if (found === undefined || !isIn(found, node)) return;
    if (typeof found === 'number') this.channels.delete(channel);
    else if (found.length === 2) this.channels.set(channel, found[0] === node ? found[1] : found[0]);
    else found.splice(found.indexOf(node), 1);
    this.count.set(node, this.count.get(node)! - 1);
  }

  removeNode(node: number): void {
    for (const channel of this.of(node)) this.remove(channel, node);
  }

  clear(): void {
    this.channels.clear();
    this.count.clear();
  }
}

const NOBODY: readonly number[] = [];

const isIn = (who: number | readonly number[], node: number): boolean =>
  typeof who === 'number' ? who === node : who.includes(node);

function placeFor(list: readonly number[], node: number): number {
  let at = 0;
  while (at < list.length && list[at] < node) at++;
  return at;
}
