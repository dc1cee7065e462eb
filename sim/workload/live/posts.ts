/**
 * What live users have sent, by number: who, which move, when. Messages and pushes carry the number; who receives one
 * looks up what it says. The oldest are forgotten.
 */
const FIRST = 1024;
/** Most remembered: a bus that is further behind than that brings messages nobody can read any more. */
const MOST = 1 << 22;

export class Posts {
  private user = new Int32Array(FIRST);
  private move = new Int32Array(FIRST);
  private sent = new Float64Array(FIRST);
  /** When the store committed it, ns; -1: not known to be stored. */
  private stored = new Float64Array(FIRST);
  private count = 0;

  /** Returns its number. */
  add(user: number, move: number, sentNs: number): number {
    if (this.count === this.user.length && this.count < MOST) this.grow();
    const number = this.count++;
    const at = number & (this.user.length - 1);
    this.user[at] = user;
    this.move[at] = move;
    this.sent[at] = sentNs;
    this.stored[at] = -1;
    return number;
  }

  /** Is it a number whose message is still known? */
  has(number: number): boolean {
    return number >= 0 && number < this.count && number >= this.count - this.user.length;
  }

  userOf(number: number): number {
    return this.user[number & (this.user.length - 1)];
  }

  moveOf(number: number): number {
    return this.move[number & (this.user.length - 1)];
  }

  sentNs(number: number): number {
    return this.sent[number & (this.user.length - 1)];
  }

  storedNs(number: number): number {
    return this.stored[number & (this.user.length - 1)];
  }

  store(number: number, atNs: number): void {
    this.stored[number & (this.user.length - 1)] = atNs;
  }

  private grow(): void {
    const size = this.user.length * 2;
    const user = new Int32Array(size);
    user.set(this.user);
    this.user = user;
    const move = new Int32Array(size);
    move.set(this.move);
    this.move = move;
    const sent = new Float64Array(size);
    sent.set(this.sent);
    this.sent = sent;
    const stored = new Float64Array(size);
    stored.set(this.stored);
    this.stored = stored;
  }
}
