import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('npm run start:prod', () => {
  afterAll(removeFolders);

  /** @returns the NODE_ENV that Node is started with */
  const startedWith = async (given: Record<string, string>): Promise<string> => {
    const bin = await folder();
    await writeFile(path.join(bin, 'node'), '#!/bin/sh\nprintf %s "$NODE_ENV"\n', { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, ...given } as NodeJS.ProcessEnv;
    return execFileSync('sh', ['-c', scripts['start:prod'] ?? ''], { env, encoding: 'utf8' });
  };

  it('is production without a word in the environment', async () => {
    expect(await startedWith({})).toBe('production');
  });

  it('leaves a NODE_ENV that is set as it is', async () => {
    expect(await startedWith({ NODE_ENV: 'test' })).toBe('test');
  });
});
