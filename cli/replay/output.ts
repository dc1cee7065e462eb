/** Where a replay page goes, and how people are told. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExitCode, Failure } from '../exit.ts';
import { writeReport } from '../files/write.ts';
import { encodeRecording, type EncodedStage, type RunResult, type Scenario } from '../simulator.ts';
import type { Outcome } from '../simulation/messages.ts';
import { printable } from '../terminal/printable.ts';
import { note, say } from '../terminal/streams.ts';
import { readTemplate, replayPage } from './page.ts';

/** Pages that nobody named a place for; ignored by git. */
const folder = 'replays';

/** `replays/NAME.html`, with its folder; null when there can be none, in a directory that may not be written. */
export function defaultPage(name: string): string | null {
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return null;
  }
  return `${folder}/${name}.html`;
}

/** What a page is made of. */
export interface Recorded {
  scenario: Scenario;
  result: RunResult;
  /** By the name of the stage. */
  stages: ReadonlyMap<string, EncodedStage>;
}

/** The recordings that outcomes brought back, by stage. */
export function recordedStages(
  stages: readonly string[],
  replications: number,
  outcomes: readonly (Outcome | null)[],
): Map<string, EncodedStage> {
  const found = new Map<string, EncodedStage>();
  stages.forEach((stage, i) => {
    // The first replication is the recorded one.
    const outcome = outcomes[i * replications];
    if (outcome !== null && 'recording' in outcome && outcome.recording) found.set(stage, outcome.recording);
  });
  return found;
}

/** Writes the page of one run or two and says where it is; answers 5 when it could not be written. */
export function writeReplay(
  file: string,
  runs: readonly Recorded[],
  { open, quiet }: { open: boolean; quiet: boolean },
): ExitCode {
  const recordings = runs
    .filter(({ stages }) => stages.size > 0)
    .map(({ scenario, result, stages }) => {
      const encoded = result.stages.map(({ name }) => stages.get(name) ?? null);
      return encodeRecording(scenario, result, encoded);
    });
  if (recordings.length === 0) {
    say('nothing was recorded, so there is no replay page');
    return ExitCode.ok;
  }
  try {
    writeReport(file, replayPage(readTemplate(), recordings));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    return error.exitCode;
  }
  if (!quiet) note(`Replay: ${printable(file)}\n  open ${printable(pathToFileURL(resolve(file)).href)}`);
  if (open) openInBrowser(resolve(file));
  return ExitCode.ok;
}

/** With whatever the system opens pages with; when there is nothing, the line above says where it is. */
function openInBrowser(path: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [path]]
      : process.platform === 'win32'
        ? ['explorer.exe', [path]]
        : ['xdg-open', [path]];
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true });
  child.on('error', () => say('no browser could be started'));
  child.unref();
}
