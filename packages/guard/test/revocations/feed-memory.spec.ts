import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const hooks = new URL('../../../../test/support/typescript/typescript.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('../support/feed-memory.ts', import.meta.url));

describe('100,000 closed sessions', () => {
  // In a process of its own: what other specs have left behind goes when it likes.
  it.each(['stream', 'list'])(
    'as a %s take less than 12 MB, and are let go when no token of theirs lives',
    async (form) => {
      const args = ['--expose-gc', '--import', hooks, program, form];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { known, isLastKnown, mebibytes } = JSON.parse(stdout) as Record<string, unknown>;
      expect([known, isLastKnown]).toEqual([100_000, true]);
      expect(mebibytes).toBeGreaterThan(1);
      expect(mebibytes).toBeLessThan(12);
    },
  );
});
