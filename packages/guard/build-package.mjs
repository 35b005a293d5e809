// Builds what is packed: ES modules, and CommonJS beside them. The second is for apps on CommonJS whose test runner cannot require an
// ES module, as Jest on Node 20. A folder of the source becomes one file, and both formats are the same text but for how they import and
// export: so each costs the package little more than the other alone. Both have the same declarations; only these keep the comments.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const ENTRIES = ['index', 'core', 'testing'];
/** What stands above both the keys and the feed, though it lies in the folder that they stand on: no two files import each other. */
const VERIFIER = /^(access-token\.verifier|verifier\.options|seen-tokens)\./;
const require = createRequire(import.meta.url);

process.chdir(import.meta.dirname);
// A file whose source is gone would be packed, too.
rmSync('dist', { recursive: true, force: true });
compile('--build', '--force');
compile('-p', 'tsconfig.pack.json');
await bundle();
commonJs();

function compile(...options) {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options], { stdio: 'inherit' });
}

async function bundle() {
  const external = (id) => !/^[./]/.test(id);
  const inputs = (extension) => Object.fromEntries(ENTRIES.map((name) => [name, `dist/${name}${extension}`]));
  const code = await rollup({ input: inputs('.js'), external, treeshake: false, onwarn: unless('THIS_IS_UNDEFINED') });
  const types = await rollup({ input: inputs('.d.ts'), external, plugins: [dts()], onwarn: unless('PLUGIN_WARNING') });
  const format = { format: 'es', dir: 'dist', hoistTransitiveImports: false, minifyInternalExports: false };
  // Everything is read: now only what is written here stays.
  const chunks = [
    await code.generate({ ...format, entryFileNames: '[name].js', chunkFileNames: '[name].js', manualChunks: partOf }),
    await types.generate({ ...format, entryFileNames: '[name].d.ts', chunkFileNames: 'declarations.d.ts' }),
  ].flatMap(({ output }) => output);
  rmSync('dist', { recursive: true });
  mkdirSync('dist/cjs', { recursive: true });
  for (const { fileName, code: text } of chunks) writeFileSync(`dist/${fileName}`, withTabs(text));
}

/** The compiler indents by four spaces, which only makes the package larger. */
function withTabs(text) {
  return text.replace(/^(?: {4})+/gm, (indent) => '\t'.repeat(indent.length / 4));
}

/** Puts `require` and `exports` in the place of the imports and exports that the bundler writes, one to a line. */
function commonJs() {
  writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
  for (const file of readdirSync('dist').filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = readFileSync(`dist/${file}`, 'utf8');
    writeFileSync(`dist/cjs/${file}`, file.endsWith('.d.ts') ? text : `'use strict';\n${requiring(text, file)}`);
  }
}

function requiring(text, file) {
  const pairs = (list) => list.split(', ').map((one) => one.split(' as '));
  const taken = (list) => pairs(list).map(([name, own]) => (own ? `${name}: ${own}` : name));
  const given = (list, from) => pairs(list).map(([name, own = name]) => `exports.${own} = ${from}${name};`);
  const required = text
    .replace(
      /^import \{ (.*) \} from ('.*');$/gm,
      (_, list, from) => `const { ${taken(list).join(', ')} } = require(${from});`,
    )
    .replace(/^import (\w+) from ('.*');$/gm, 'const $1 = require($2);')
    .replace(/^export \{ (.*) \} from ('.*');$/gm, (_, list, from) => given(list, `require(${from}).`).join('\n'))
    .replace(/^export \{ (.*) \};$/gm, (_, list) => given(list, '').join('\n'))
    .replace(/\bimport\(('[^']+')\)/g, 'require($1)');
  if (/^(import|export)\b|\bimport\(/m.test(required)) throw new Error(`${file} imports in a way that is not known`);
  return required;
}

/** @returns the file that a module of the source goes into; none for an entry, which is one of its own */
function partOf(id) {
  const [, folder, file] = /\/dist\/(core|keys|nest|revocations)\/(.*)$/.exec(id) ?? [];
  if (folder === undefined) return undefined;
  return folder === 'core' && VERIFIER.test(file) ? 'verifier-parts' : `${folder}-parts`;
}

/** A warning that is not expected ends the build. */
function unless(code) {
  return (warning) => {
    if (warning.code !== code) throw new Error(warning.message);
  };
}
