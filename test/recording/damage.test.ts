/** Recordings that are cut off, damaged, too new, hostile or too large. */
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeRecording } from '../../sim/recording/decode.ts';
import { lineOf } from '../../sim/recording/lines.ts';
import { busy, decoded, record, simulator } from './kit.ts';

const three = `${busy}stages:
  - { name: one, run: { duration: 25s, warmup: 2s } }
  - { name: two, run: { duration: 25s, warmup: 0s } }
  - { name: three }
`;
let recorded: ReturnType<typeof record>;
let text: string;
let lines: string[];

beforeAll(() => {
  recorded = record(three);
  text = recorded.text;
  lines = text.split('\n');
});

const names = (broken: string): string[] => decodeRecording(broken).recording!.stages.map(({ result }) => result.name);

describe('a recording', () => {
  it('is a header, two lines a stage, and an end', () => {
    expect(lines.length).toBe(1 + 3 * 2 + 1 + 1);
    expect(names(text)).toEqual(['one', 'two', 'three']);
    expect(decodeRecording(`\n${text}\n`).problems).toEqual([]);
  });

  it('of a stage without a warm-up begins at 0', () => {
    const { slices } = decoded(text)[1];
    expect([slices.warmup, slices.edges[0]]).toEqual([0, 0]);
  });

  it('cut off anywhere gives its whole stages and says so', () => {
    const afterTwo = lines.slice(0, 5).join('\n').length;
    for (const length of [afterTwo + 2, afterTwo + 500, text.length - 10]) {
      const { recording, problems } = decodeRecording(text.slice(0, length));
      const kept = recording!.stages.length;
      expect(problems).toEqual([`The recording is cut off: ${kept} of 3 stages could be read.`]);
      expect(kept).toBe(length === text.length - 10 ? 3 : 2);
    }
    for (let length = 0; length < text.length; length += 4999) {
      const { recording, problems } = decodeRecording(text.slice(0, length));
      expect(problems.length, `of ${length}`).toBeGreaterThan(0);
      expect(recording === null || recording.stages.length < 3).toBe(true);
    }
  });

  it('damaged in one place loses that stage alone', () => {
    const at = text.indexOf(lines[4]) + 400;
    const damaged = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    const { recording, problems } = decodeRecording(damaged);
    expect(recording!.stages.map(({ result }) => result.name)).toEqual(['one', 'three']);
    expect(problems).toEqual(['A part of the recording is damaged (stage “two”) and left out.']);
  });

  it('of a newer version is refused with both versions', () => {
    const { recording, problems } = decodeRecording(
      lineOf({ recording: 2, tenfold: '9.9.9', something: { else: true } }) + text.slice(lines[0].length + 1),
    );
    expect(recording).toBeNull();
    expect(problems[0]).toContain('newer Tenfold (9.9.9, format 2); this page reads formats up to 1');
  });

  it.each(['', '{}', 'null', 'hello', '<html>', '0123456789abcdef {"recording":1}', '[1,2'])(
    'that is none (%j) is told apart',
    (junk) => {
      const { recording, problems } = decodeRecording(junk);
      expect(recording).toBeNull();
      expect(problems).toHaveLength(1);
    },
  );

  it('with columns that lie is not believed', () => {
    const data = JSON.parse(lines[2].slice(17)) as { components: { arrivals: unknown }[] };
    data.components[0].arrivals = { $: { p: 'AA', n: 1e9 } };
    const { recording, problems } = decodeRecording(
      [lines[0], lines[1], lineOf(data).trimEnd(), ...lines.slice(3)].join('\n'),
    );
    expect(recording!.stages.length).toBe(2);
    expect(problems).toEqual(['Stage “one” is damaged and left out.']);
  });
});

describe('a cap', () => {
  const capped = (bytes: number): string => recorded.run.recording(recorded.result, bytes);

  it('is kept, and the recording says what was left out', () => {
    for (const cap of [text.length, text.length * 0.7, text.length * 0.5].map(Math.floor)) {
      const small = capped(cap);
      expect(small.length).toBeLessThanOrEqual(cap);
      const stages = decoded(small);
      expect(stages.length).toBe(3);
      if (cap === text.length) expect(small).toBe(text);
      else expect(stages.flatMap(({ dropped }) => dropped).join()).toContain('slices of time were joined into one');
    }
  });

  it('keeps the sums when slices are joined', () => {
    const full = decoded(text)[2];
    const small = decoded(capped(Math.floor(text.length * 0.5)))[2];
    expect(small.slices.count).toBeLessThan(full.slices.count);
    const sum = (column: Uint32Array): number => column.reduce((all, n) => all + n, 0);
    full.components.forEach((c, i) => expect(sum(small.components[i].arrivals)).toBe(sum(c.arrivals)));
    expect(sum(small.populations[0].heat.counts)).toBe(sum(full.populations[0].heat.counts));
  });

  it('too small for anything leaves stages out and says so', () => {
    const { recording, problems } = decodeRecording(capped(1000));
    expect(recording!.stages).toEqual([]);
    expect(problems.join()).toContain('larger than its cap');
  });
});

describe('names from strangers', () => {
  it('cannot end the element that a recording stands in, whatever they are', () => {
    const hostile = record(
      busy.replace('Busy for half a minute', '"</script><script>alert(1)//<!-- é \\u2028 \\u202e"'),
    );
    expect(hostile.text).not.toMatch(/[<>&]/);
    // oxlint-disable-next-line no-control-regex -- ASCII, and no control but the line's end
    expect(hostile.text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(simulator.decodeRecording(hostile.text).recording!.scenario.name).toBe(
      '</script><script>alert(1)//<!-- é \u2028 \u202e',
    );
  });
});
