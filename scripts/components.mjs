// node scripts/components.mjs licences       ends with 1 and names the packages whose licence is not known to be good
// node scripts/components.mjs sbom [<file>]  writes what runs in production as a CycloneDX document
import { writeFileSync } from 'node:fs';
import { licenceProblems } from './components/licences.mjs';
import { componentsOf, readLockfile } from './components/lockfile.mjs';
import { sbomOf } from './components/sbom.mjs';

const lockfile = readLockfile(new URL('../package-lock.json', import.meta.url));
const components = componentsOf(lockfile);

/** @type {Record<string, () => void>} */
const tasks = {
  licences() {
    const problems = licenceProblems(components);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(`${components.length} packages, each with a licence that is good for its place`);
  },
  sbom() {
    const text = `${JSON.stringify(sbomOf(lockfile, components), null, 2)}\n`;
    if (process.argv[3]) writeFileSync(process.argv[3], text);
    else process.stdout.write(text);
  },
};

const task = tasks[process.argv[2] ?? ''];
if (!task) throw new Error(`licences or sbom, not ${process.argv[2]}`);
task();
