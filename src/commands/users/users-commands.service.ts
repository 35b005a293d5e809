import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { DryRun } from '../../auth/registration/dry-run.value.js';
import type { ImportedAccount } from '../../auth/registration/imported-account.value.js';
import { ImportedAccounts } from '../../auth/registration/imported-accounts.service.js';
import { Clock } from '../../platform/clock.js';
import { say } from '../../platform/startup/startup.js';
import { FileUnreadable, LinesRefused } from '../commands.errors.js';
import { batchesOf, type FileLine, linesOf } from './import-file.value.js';
import { type LineProblem, parseImportLine } from './import-line.value.js';
import type { UsersCommand } from './users-command.value.js';

/** The lines per transaction. An interrupted import keeps what it has stored, and continues there when it is run again. */
const BATCH_LINES = 500;

type NumberedAccount = ImportedAccount & { line: number };
type NumberedProblem = LineProblem & { line: number };

interface Counts {
  imported: number;
  there: number;
  refused: number;
}

/** Imports users from another system. Never prints an address or a hash. */
@Injectable()
export class UsersCommands {
  constructor(
    private readonly accounts: ImportedAccounts,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws FileUnreadable
   * @throws LinesRefused after all other lines are imported
   */
  async run({ file, dryRun }: UsersCommand): Promise<string[]> {
    const counts = await this.importAll(textOf(file), dryRun).catch((error: unknown) => {
      throw isFromFile(error) ? new FileUnreadable(error.code) : error;
    });
    const summary = summaryOf(counts, dryRun);
    if (counts.refused > 0) throw new LinesRefused(summary);
    return [summary];
  }

  private async importAll(chunks: AsyncIterable<string>, dryRun: boolean): Promise<Counts> {
    const counts = { imported: 0, there: 0, refused: 0 };
    const memory = dryRun ? new DryRun() : undefined;
    for await (const lines of batchesOf(linesOf(chunks), BATCH_LINES)) {
      const { imported, there, refused } = await this.importSome(lines, memory);
      counts.imported += imported;
      counts.there += there;
      counts.refused += refused;
    }
    return counts;
  }

  private async importSome(lines: readonly FileLine[], dryRun?: DryRun): Promise<Counts> {
    const now = this.clock.now();
    const read = lines.map((line) => readLine(line, now));
    const good = read.filter((account): account is NumberedAccount => !('problem' in account));
    const { imported, there, withTakenId } = await this.accounts.add(good, dryRun);
    const refused = [
      ...read.filter((account): account is NumberedProblem => 'problem' in account),
      ...withTakenId.map(({ line }) => ({ line, problem: 'id: an account with another address has it' })),
    ].sort((a, b) => a.line - b.line);
    say(refused.map(({ line, problem }) => `line ${line}: ${problem}`));
    return { imported, there, refused: refused.length };
  }
}

function textOf(file: string): AsyncIterable<string> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  return stream.setEncoding('utf8');
}

function readLine({ line, text }: FileLine, now: Date): NumberedAccount | NumberedProblem {
  return { line, ...(text === null ? { problem: 'too long' } : parseImportLine(text, now)) };
}

function summaryOf({ imported, there, refused }: Counts, dryRun: boolean): string {
  return `${dryRun ? 'Would be imported' : 'Imported'}: ${imported}, already there: ${there}, refused: ${refused}.`;
}

function isFromFile(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && ['open', 'read'].includes(String(error.syscall));
}
