// node scripts/bundle.mjs, after a build: writes the service and its libraries into few files, dist/bundle/main.mjs and what that
// loads later. A start from there need not find, read and link two thousand.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const into = path.join(root, 'dist/bundle');
/** @type {{ packages: Record<string, { dev?: boolean, optional?: boolean, devOptional?: boolean }> }} */
const lockfile = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));

/** What only TypeORM 0.3 has. Looking for it at run time would load a second TypeORM, from node_modules. */
const WITHOUT_OLD_TYPEORM = 'export const Connection = undefined, AbstractRepository = undefined;';

/** @type {import('esbuild').Plugin} */
const asInProduction = {
  name: 'as in production',
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: /@nestjs[\\/]typeorm[\\/].*typeorm-compat\.js$/ }, () => ({ contents: WITHOUT_OLD_TYPEORM }));
    // What production does not install is not found there either, and the library that asks for it goes on without.
    onResolve({ filter: /^[^./]/ }, async ({ path: name, pluginData, ...from }) => {
      if (pluginData === asInProduction) return null;
      const found = await resolve(name, { ...from, pluginData: asInProduction });
      return found.errors.length > 0 || isMissingInProduction(found.path) ? { path: name, external: true } : found;
    });
  },
};

function isMissingInProduction(/** @type {string} */ file) {
  const [folder = ''] = /^.*node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(path.relative(root, file)) ?? [];
  const { dev, optional, devOptional } = lockfile.packages[folder.replaceAll('\\', '/')] ?? {};
  return dev ?? optional ?? devOptional ?? false;
}

/**
 * A stack shall name our lines. What is left out are the lines of libraries, and columns: Node holds a map in memory once the first
 * stack was read, and whole it took 30 MB.
 */
function linesOfOurs(/** @type {string} */ map) {
  /** @type {{ version: 3, sources: string[], mappings: string }} */
  const { version, sources, mappings } = JSON.parse(map);
  const ours = sources.filter((source) => !source.includes('node_modules/') && existsSync(path.join(into, source)));
  /** @returns {import('@jridgewell/sourcemap-codec').SourceMapSegment} */
  const ownLine = (/** @type {import('@jridgewell/sourcemap-codec').SourceMapSegment} */ at) => {
    const source = at.length === 1 ? -1 : ours.indexOf(sources[at[1]] ?? '');
    return at.length === 1 || source < 0 ? [at[0]] : [at[0], source, at[2], 0];
  };
  const kept = decode(mappings).map((line) =>
    line.map(ownLine).filter((at, index, all) => at[1] !== all[index - 1]?.[1] || at[2] !== all[index - 1]?.[2]),
  );
  return JSON.stringify({ version, sources: ours, names: [], mappings: encode(kept) });
}

const { outputFiles } = await build({
  absWorkingDir: root,
  // The program, and the file that its threads run.
  entryPoints: ['dist/src/main.js', 'dist/src/auth/passwords/hashing/bcrypt.worker.mjs'],
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  outdir: into,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['piscina'], // it looks beside its own file for what its threads run
  keepNames: true, // those of classes are names of schemas, entities and errors
  minifyWhitespace: true, // the text of what is loaded stays in memory, too
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none', // the libraries lie beside it with their licences
  banner: {
    js: "import{createRequire as createRequireHere}from'module';const require=createRequireHere(import.meta.url);",
  },
  plugins: [asInProduction],
  logLevel: 'warning',
});

await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });
for (const { path: file, text } of outputFiles) {
  await writeFile(file, file.endsWith('.map') ? linesOfOurs(text) : text);
}
