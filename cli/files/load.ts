/** From the path of a scenario to the scenario itself, or to the list of everything that is wrong with it. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { ExitCode, Failure } from '../exit.ts';
import { formatProblems, parseScenario, type Problem, type Scenario } from '../simulator.ts';
import { readScenarioText } from './read.ts';
import { suggestion } from '../terminal/suggest.ts';
import { isShipped, resolveScenario, shippedNames } from './shipped.ts';

export interface Changes {
  set?: string[];
  seed?: string;
  duration?: string;
}

export interface Loaded {
  path: string;
  /** What names it on a command line: as it was named, but a shipped one by its name alone, wherever it is installed. */
  named: string;
  text: string;
  scenario: Scenario;
  /** Formatted warnings; empty when there are none. */
  warnings: string;
}

/** Reads and checks one scenario. Throws a Failure: 5 unreadable, 2 invalid, with every problem in the message. */
export function loadScenario(argument: string, changes: Changes = {}): Loaded {
  const path = resolveScenario(argument);
  if (/^[\w-]+$/.test(path) && !existsSync(path)) {
    const tail = suggestion(path, shippedNames());
    throw new Failure(ExitCode.file, `there is no file and no shipped scenario named ${path}${tail}`);
  }
  const text = readScenarioText(path);
  const { scenario, problems } = parseScenario(text, basename(path), changes);
  if (!scenario || problems.some(isError)) throw new Failure(ExitCode.usage, formatProblems(problems));
  const named = isShipped(path) ? basename(path) : argument;
  return { path, named, text, scenario, warnings: problems.length > 0 ? formatProblems(problems) : '' };
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}
