import { readFile } from 'node:fs/promises';
import { kernelSource } from '../../packages/bcrypt-lanes/generator/kernel-source.js';
import { openApiDocument } from './open-api.js';
import { envExample, settingsTable } from './settings.js';

const root = new URL('../../', import.meta.url);

const TABLE = /(<!-- settings:begin.*-->\n).*(\n<!-- settings:end.*-->)/s;

/** A file that is made, whole or in part, from the code. */
export interface GeneratedFile {
  /** Relative to the repository. */
  path: string;
  /** What is there; empty when the file is missing. */
  current: string;
  /** What ought to be there. */
  wanted: string;
}

/** Everything that `npm run generate` writes. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const files = [
    { path: 'docs/openapi.json', make: openApiDocument },
    { path: '.env.example', make: envExample },
    { path: 'README.md', make: withSettings },
    { path: 'packages/bcrypt-lanes/src/kernel.wasm.ts', make: kernelSource },
  ];
  return Promise.all(
    files.map(async ({ path, make }) => {
      const current = await readFile(new URL(path, root), 'utf8').catch(() => '');
      return { path, current, wanted: await make(current) };
    }),
  );
}

function withSettings(readme: string): string {
  if (!TABLE.test(readme)) throw new Error('README.md has lost the marks between which the settings stand.');
  return readme.replace(TABLE, (_, begin: string, end: string) => `${begin}\n${settingsTable()}\n${end}`);
}
