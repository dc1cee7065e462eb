/**
 * The instruction set: what an operation compiles to, four integers an instruction: verb, operands a and b, and the
 * place of the instruction within its own component. What is random about a step is drawn by that place, so that
 * another component's code moves nobody's draws.
 *
 * No verb is specific to an actor; `Actor` is the one way from a program into an actor's own code.
 */
export const enum Verb {
  /** The operation is done: release everything, answer. */
  End = 0,
  /** a: distribution of core time. */
  Cpu = 1,
  /** a: distribution, a pure wait; a thread stays held. b: span cell. */
  Sleep = 2,
  /** a: call site. */
  Call = 3,
  Jump = 4,
  /** a: goes there when the last call's status is Miss. */
  IfMiss = 5,
  /** a: goes there with probability b ÷ 2^31. */
  Choose = 6,
  /** Starts b branches, then goes on at a; the b instructions that follow hold their entries (a) and how many must finish (b). */
  Fork = 7,
  /** A branch is done. */
  BranchEnd = 8,
  /** Answers now and goes on. */
  Respond = 9,
  /** Fails with probability a ÷ 2^31. */
  Fail = 10,
  /** a: local station of the node. */
  Seize = 11,
  Release = 12,
  /** Holds for distribution a; b: span cell. Slowdown faults stretch it. */
  Hold = 13,
  /** a: argument for `actor.step`. */
  Actor = 14,
  /** Hands the row to the node that the actor's `choose` names. */
  Forward = 15,
}

/** Integers an instruction takes; and the operands of `Actor` from which on it is a guest's (`visitOf`). */
export const enum Code {
  Width = 4,
  Guest = 0x10000,
}

/** Writes programs; labels are patched when they are placed. */
export class Assembler {
  readonly code: number[] = [];
  private origin = 0;

  get pc(): number {
    return this.code.length / Code.Width;
  }

  /** Where the next instruction will be within the code of its component. */
  get place(): number {
    return this.pc - this.origin;
  }

  /** The code of another component begins. */
  beginComponent(): void {
    this.origin = this.pc;
  }

  emit(verb: Verb, a = 0, b = 0): number {
    const pc = this.pc;
    this.code.push(verb, a, b, this.place);
    return pc;
  }

  /** Sets operand a of an instruction emitted earlier. */
  patch(pc: number, a = this.pc): void {
    this.code[pc * Code.Width + 1] = a;
  }
}

/** A probability as the 31-bit integer that `Choose` and `Fail` compare with. */
export function chance(probability: number): number {
  return Math.min(0x7fffffff, Math.round(probability * 0x80000000));
}
