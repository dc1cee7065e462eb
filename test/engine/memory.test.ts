/** The memory of a run: whatever a host grants of it is enough for what it is divided into. */
import { afterEach, expect, it, vi } from 'vitest';
import { Memory } from '../../sim/engine/memory.ts';
import { Rows } from '../../sim/engine/rows.ts';
import { Chain } from '../../sim/engine/records.ts';
import { Spans } from '../../sim/engine/spans.ts';

interface Size {
  initial: number;
  maximum: number;
}

/** What the host has; the libraries of TypeScript know it only together with a browser's. */
const host = (globalThis as unknown as { WebAssembly: { Memory: new (size: Size) => object } }).WebAssembly;

afterEach(() => vi.unstubAllGlobals());

/** A host that grants so many bytes at most. */
function grant(most: number): void {
  const Memory = class extends host.Memory {
    constructor(size: Size) {
      if (size.initial * 65536 > most) throw new RangeError('could not allocate memory');
      super(size);
    }
  };
  vi.stubGlobal('WebAssembly', { Memory });
}

it.each([4e9, 2e9, 1e9, 5e8, 240e6, 120e6])('has room for all it says where %i bytes are granted', (most) => {
  grant(most);
  const memory = Memory.take();
  expect(memory.buffer.byteLength).toBeLessThanOrEqual(most);
  expect(memory.buffer.byteLength).toBeGreaterThan(most / 4);
  const rows = new Rows(4096, 1 << 30, memory);
  const spans = new Spans(rows, new Float64Array(1), memory);
  expect(spans.I.length).toBe(memory.mostChains * Chain.I);
  expect(spans.I.byteOffset).toBeGreaterThanOrEqual(rows.I.byteOffset + rows.I.byteLength);
  expect(spans.I.byteOffset + spans.I.byteLength).toBeLessThanOrEqual(memory.buffer.byteLength);
  // The heap ends where the chains begin, and its addresses are int32.
  expect(memory.chainsAt).toBeLessThanOrEqual(2 ** 31);
  expect(() => memory.room(spans.I.byteOffset)).toThrow('no longer fit');
});

it('is not to be had where the least is refused', () => {
  grant(1e6);
  expect(() => Memory.take()).toThrow('could not allocate');
});
