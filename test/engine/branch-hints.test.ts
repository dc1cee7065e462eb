/** Hints which way the branches of the core rarely go: how they are counted and written down, that they are there, and who heeds them. */
import binaryen from 'binaryen';
import { describe, expect, it } from 'vitest';
import { heedBranchHints } from '../../sim/engine/branch-hints.ts';
import { fromBase64 } from '../../sim/engine/base64.ts';
import * as cores from '../../sim/engine/core-binary.ts';
import { branchesIn, counting, hinted } from '../../tools/core/branches.mjs';

declare const WebAssembly: {
  Module: (new (bytes: Uint8Array) => object) & { customSections(module: object, name: string): ArrayBuffer[] };
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Branches in conditions of others, one with a type, one that brings a value. */
const text = `(module
 (func $f (export "f") (param $a i32) (param $b i32) (result i32)
  (if (result i32)
   (if (result i32)
    (local.get $a)
    (then (i32.const 0))
    (else (i32.gt_s (local.get $b) (i32.const 3))))
   (then
    (block $out (result i32)
     (drop (br_if $out (i32.const 7) (i32.eqz (local.get $b))))
     (i32.const 8)))
   (else (i32.const 9)))))`;

const moduleOf = (source: string): object => {
  const module = binaryen.parseText(source);
  module.setFeatures(binaryen.Features.MVP);
  return new WebAssembly.Module(module.emitBinary());
};

describe('branches of a module', () => {
  it('are found with their conditions, however deep', () => {
    expect(branchesIn(text).map(({ condition: [from, to] }) => text.slice(from, to).replace(/\s+/g, ' '))).toEqual([
      '(if (result i32) (local.get $a) (then (i32.const 0)) (else (i32.gt_s (local.get $b) (i32.const 3))))',
      '(local.get $a)',
      '(i32.eqz (local.get $b))',
    ]);
  });

  it('are counted, and go where they went', () => {
    const seen: [number, boolean][] = [];
    const count = (condition: number, branch: number): number => {
      seen.push([branch, condition !== 0]);
      return condition;
    };
    const { exports } = new WebAssembly.Instance(moduleOf(counting(text)), { profile: { count } });
    const { f } = exports as { f: (a: number, b: number) => number };
    expect([f(0, 5), f(0, 1), f(1, 5)]).toEqual([8, 9, 9]);
    expect(seen).toEqual([
      [1, false],
      [0, true],
      [2, false],
      [1, false],
      [0, false],
      [1, true],
      [0, false],
    ]);
  });

  it('get a hint where they rarely go one way, and often enough to tell', () => {
    const hints = (counts: number[]): string[] => hinted(text, counts).match(/@metadata[^)]*\) \(\S+/g) ?? [];
    expect(hints([90, 10, 11, 89, 0, 15])).toEqual(['@metadata.code.branch_hint "\\00") (if']);
    expect(hints([0, 0, 5, 95, 0, 16])).toEqual([
      '@metadata.code.branch_hint "\\01") (if',
      '@metadata.code.branch_hint "\\01") (br_if',
    ]);
    // Name, one function, number 0, two hints, each of a place, a length of 1, and what.
    const [section] = WebAssembly.Module.customSections(
      moduleOf(hinted(text, [99, 1, 1, 99, 50, 50])),
      'metadata.code.branch_hint',
    );
    const [functions, number, count, , one, first, , length, second] = new Uint8Array(section);
    expect({ functions, number, count, one, length }).toEqual({ functions: 1, number: 0, count: 2, one: 1, length: 1 });
    // The inner one comes first in the binary.
    expect([first, second]).toEqual([1, 0]);
  });
});

it.each(Object.entries(cores))('%s has some', (_name, core) => {
  const module = new WebAssembly.Module(fromBase64(core));
  const [section] = WebAssembly.Module.customSections(module, 'metadata.code.branch_hint');
  expect(section.byteLength).toBeGreaterThan(1000);
});

describe('V8 is told to heed them', () => {
  const flagsFor = (version: string): string[] => {
    const flags: string[] = [];
    heedBranchHints(version, (flag) => flags.push(flag));
    return flags;
  };

  it.each(['11.3.244.8-node.30', '12.4.254.21-node.33', '13.6.233.10-node.28'])('%s', (version) => {
    expect(flagsFor(version)).toEqual(['--experimental-wasm-branch-hinting']);
  });

  it.each(['13.7.152', '14.1.146.11-node.14'])('but not %s, which does by itself', (version) => {
    expect(flagsFor(version)).toEqual([]);
  });
});
