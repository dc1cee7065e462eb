/**
 * Whole numbers as bytes: seven bits a byte, the least first (LEB128), up to 2⁵³. Runs of zeros, which columns are full
 * of, are a zero and their length.
 */
import { fromBase64, toBase64 } from '../engine/base64.ts';

const HIGH = 128;

/** Writes numbers one after the other. */
export class Writer {
  private bytes = new Uint8Array(256);
  private length = 0;
  private zeros = 0;

  /** A number from 0 to 2⁵³ − 1. */
  put(value: number): void {
    if (value === 0) {
      this.zeros++;
      return;
    }
    this.endRun();
    this.raw(value);
  }

  /** Any whole number of that size: small ones of either sign are short. */
  putSigned(value: number): void {
    this.put(value < 0 ? -2 * value - 1 : 2 * value);
  }

  finish(): string {
    this.endRun();
    return toBase64(this.bytes, this.length);
  }

  private endRun(): void {
    if (this.zeros === 0) return;
    const length = this.zeros;
    this.zeros = 0;
    this.raw(0);
    this.raw(length);
  }

  private raw(value: number): void {
    if (this.length + 8 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = value;
    while (rest >= HIGH) {
      const part = rest % HIGH;
      this.bytes[this.length++] = part + HIGH;
      rest = (rest - part) / HIGH;
    }
    this.bytes[this.length++] = rest;
  }
}

/** Reads what a `Writer` wrote. */
export class Reader {
  private readonly bytes: Uint8Array;
  private at = 0;
  private zeros = 0;

  /** @throws RangeError when the text is no base64 */
  constructor(text: string) {
    this.bytes = fromBase64(text);
  }

  /** @throws RangeError when there is nothing more to read */
  get(): number {
    if (this.zeros === 0) {
      const value = this.raw();
      if (value !== 0) return value;
      this.zeros = this.raw();
    }
    this.zeros--;
    return 0;
  }

  getSigned(): number {
    const value = this.get();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private raw(): number {
    let value = 0;
    let weight = 1;
    for (;;) {
      if (this.at >= this.bytes.length) throw new RangeError('a column ends early');
      const byte = this.bytes[this.at++];
      value += (byte % HIGH) * weight;
      if (byte < HIGH) return value;
      weight *= HIGH;
    }
  }
}
