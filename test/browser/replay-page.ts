/** Writes a recording into the page, as the command does, and says where it is. For browser tests of the replay. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Recording } from '../../sim/recording/format.ts';
import { dataLine, encodeRecording } from '../../sim/recording/encode.ts';
import type { StageData } from '../../sim/recording/stage-recording.ts';
import type { RunResult, StageResult } from '../../sim/result.ts';
import type { Scenario } from '../../sim/scenario/settings.ts';

const template = new URL('../../dist/replay-template.html', import.meta.url);
const folder = new URL('../../.cache/replay-pages/', import.meta.url);

/** A recording as text. */
export function textOf(recording: Recording): string {
  const { scenario, tenfold, seed, replications, ok, command, stages } = recording;
  const result: RunResult = {
    schema: 1,
    tenfold,
    scenario,
    seed,
    replications,
    ok,
    replay: command,
    stages: stages.map((stage): StageResult => ({ ...stage.result, series: [], checkpoints: [] })),
  };
  const lines = stages.map((stage) => [dataLine({ ...stage, result: undefined } as StageData)]);
  return encodeRecording({ teaches: scenario.teaches } as Scenario, result, lines);
}

/** Writes the page of a recording's text, or of two; answers its address. */
export function pageOf(text: string, name: string, beside?: string): string {
  const element = (id: string, data: string) => `<script type="application/json" id="${id}">${data}</script>`;
  const elements = element('recording', text) + (beside === undefined ? '' : element('recording-beside', beside));
  const page = readFileSync(template, 'utf8').replace('<!--recording-->', () => elements);
  mkdirSync(folder, { recursive: true });
  const path = fileURLToPath(new URL(`${name}.html`, folder));
  writeFileSync(path, page);
  return pathToFileURL(path).href;
}
