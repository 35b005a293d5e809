// node scripts/count-tests.mjs <folder>
// Prints how many tests passed and failed by the JSON results of Jest in a folder; a suite that did not run is a failure.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const folder = process.argv[2] ?? '.';
const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
let passed = 0;
let failed = 0;
for (const file of files) {
  const result = JSON.parse(await readFile(path.join(folder, file), 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
}
console.log(passed, failed);
