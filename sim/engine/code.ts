/** Programs, of the instructions that layout.ts describes. */
import { Code, type Verb } from './layout.ts';

export { Code, Verb } from './layout.ts';

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
