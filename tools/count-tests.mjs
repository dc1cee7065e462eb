/**
 * Prints the counts of a vitest JSON report as its last line, `N passed, N failed`. Fails when any test failed, when a
 * test file could not be loaded (vitest counts no test for it; here it is one failure), or when nothing ran.
 */
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
let report;
try {
  report = JSON.parse(readFileSync(file, 'utf8'));
} catch (error) {
  process.stderr.write(`no report of the tests: ${error.message}\n`);
  process.exit(1);
}

const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
for (const { name, message } of broken) process.stdout.write(`could not be loaded: ${name}\n${message}\n`);
const passed = report.numPassedTests;
const failed = report.numFailedTests + broken.length;
const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 && passed > 0 && report.success ? 0 : 1;
