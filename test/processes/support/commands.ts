import { expect } from '@jest/globals';
import { folder } from '../../support/embedded/embedded-clusters.js';
import { Program } from '../../support/processes/program.js';

/** Runs a command of the service to its end, with `input` to read, if any. @returns what it said, once it has ended with `code` and without a stack */
export async function runCommand(
  words: readonly string[],
  settings: Record<string, string>,
  code: number,
  input = '',
): Promise<string> {
  const program = Program.start({ cwd: await folder(), settings, entry: ['src/commands.ts', ...words] });
  program.child.stdin!.end(input);
  expect([await program.ended(25_000), program.output]).toEqual([code, expect.any(String)]);
  expect(program.output).not.toMatch(/ at .*:\d+:\d+/);
  return program.output;
}
