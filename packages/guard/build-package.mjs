// Builds what is packed: ES modules, and CommonJS beside them. The second is for apps on CommonJS whose test runner cannot require an
// ES module, as Jest on Node 20. Both have the same declarations; only these keep the comments.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const commonJs = ['--module', 'CommonJS', '--moduleResolution', 'Bundler', '--outDir', 'dist/cjs'];

process.chdir(import.meta.dirname);
// A file whose source is gone would be packed, too.
rmSync('dist', { recursive: true, force: true });
compile('--build', '--force');
compile('-p', 'tsconfig.pack.json');
removeUnseenDeclarations(['index', 'core', 'testing']);
copyDeclarations('dist', 'dist/cjs');
compile('-p', 'tsconfig.pack.json', ...commonJs);
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

function compile(...options) {
  execFileSync(process.execPath, [tsc, ...options], { stdio: 'inherit' });
}

/** Declarations that no entry leads to describe what cannot be imported. */
function removeUnseenDeclarations(entries) {
  const seen = new Set(entries.map((entry) => path.join('dist', `${entry}.d.ts`)));
  for (const file of seen) {
    for (const [, target] of readFileSync(file, 'utf8').matchAll(/["'](\.{1,2}\/[^"']+)\.js["']/g)) {
      seen.add(path.join(path.dirname(file), `${target}.d.ts`));
    }
  }
  const all = readdirSync('dist', { recursive: true }).map((name) => path.join('dist', name));
  for (const file of all.filter((name) => name.endsWith('.d.ts') && !seen.has(name))) rmSync(file);
}

/** By way of another folder, since none can be copied into itself. */
function copyDeclarations(from, to) {
  const between = mkdtempSync(path.join(tmpdir(), 'guard-declarations-'));
  const isWanted = (file) => statSync(file).isDirectory() || file.endsWith('.d.ts');
  cpSync(from, between, { recursive: true, filter: isWanted });
  cpSync(between, to, { recursive: true });
  rmSync(between, { recursive: true });
}
