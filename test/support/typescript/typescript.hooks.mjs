import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const root = new URL('../../../', import.meta.url);
const { $schema, ...swcrc } = JSON.parse(await readFile(new URL('.swcrc', root), 'utf8'));

/** From source, as Jest's moduleNameMapper has it: nothing need be built before the tests. */
const ownPackage = /^@auth-service\/([a-z-]+)$/;

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  const own = ownPackage.exec(specifier)?.[1];
  if (own) return nextResolve(new URL(`packages/${own}/src/index.ts`, root).href, context);
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
    return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
  }
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const source = await readFile(filename, 'utf8');
  const { code } = await transform(source, { ...swcrc, swcrc: false, filename, sourceMaps: 'inline' });
  return { format: 'module', shortCircuit: true, source: code };
}
