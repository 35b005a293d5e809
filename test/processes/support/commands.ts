import { expect } from '@jest/globals';
import { folder, removeFolders } from '../../support/embedded/embedded-clusters.js';
import { endPrograms, Program } from '../../support/processes/program.js';
import type { TestService } from '../../support/service/service.js';

/** Runs a command of the service to its end, with `input` to read, if any. @returns what it said, once it has ended with `code` and without a stack */
async function runCommand(
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

export interface CommandOptions {
  /** What it ends with; 0 unless given. */
  code?: number;
  settings?: Record<string, string>;
  input?: string;
}

/** Runs a command as the operator of a running service does: with its database and its secret. @returns what it said */
export function runBeside(
  { database, config }: TestService,
  words: readonly string[],
  { code = 0, settings, input }: CommandOptions = {},
): Promise<string> {
  const AUTH_SECRET = config.authSecrets[0]!.toString('base64url');
  return runCommand(words, { DATABASE_URL: database.url, AUTH_SECRET, LOG_LEVEL: 'info', ...settings }, code, input);
}

/** Call it in afterAll. */
export async function endCommands(service: TestService): Promise<void> {
  await endPrograms();
  await service.stop();
  await removeFolders();
}
