import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '../../audit/audit.service.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.service.js';
import { EmailTaken } from '../../users/users.errors.js';
import { UsersService } from '../../users/users.service.js';
import { CredentialsRepository } from '../credentials/credentials.repository.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import type { DryRun } from './dry-run.value.js';
import type { ImportedAccount, ImportOutcome } from './imported-account.value.js';

type Identified = ImportedAccount & { id: string; createdAt: Date };

/** Imports accounts from another system for an operator. Sends no emails. */
@Injectable()
export class ImportedAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsRepository,
    private readonly passwords: PasswordsService,
    private readonly tokens: OneTimeTokensService,
    private readonly audit: AuditService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * All that are new, in one transaction; what is there already stays as it is. Of two that both could be added the first counts.
   * @param accounts some hundreds at most
   * @param dryRun where it is given, nothing is stored but in it: says what would become of them after all that it was given for
   */
  async add<Account extends ImportedAccount>(
    accounts: readonly Account[],
    dryRun?: DryRun,
  ): Promise<ImportOutcome<Account>> {
    const attempt = (): Promise<ImportOutcome<Account>> =>
      this.database.inTransaction(() => this.addNew(accounts, dryRun));
    // Somebody gave one of the addresses up after it was looked for: by now it is seen to be kept.
    return attempt().catch((error: unknown) => {
      if (error instanceof EmailTaken) return attempt();
      throw error;
    });
  }

  private async addNew<Account extends ImportedAccount>(
    accounts: readonly Account[],
    dryRun?: DryRun,
  ): Promise<ImportOutcome<Account>> {
    const { fresh, withTakenId } = await this.sort(accounts, dryRun);
    const imported = dryRun ? fresh.length : await this.insert(fresh.map((account) => this.identified(account)));
    dryRun?.add(fresh);
    return { imported, there: accounts.length - imported - withTakenId.length, withTakenId };
  }

  private async sort<Account extends ImportedAccount>(
    accounts: readonly Account[],
    dryRun?: DryRun,
  ): Promise<{ fresh: Account[]; withTakenId: Account[] }> {
    const emails = accounts.map(({ email }) => email);
    const ids = accounts.flatMap(({ id }) => id ?? []);
    const taken = await this.users.findTaken(emails, ids);
    const keptEmails = await this.tokens.keptAmong(emails);
    const takenEmails = new Set([...taken.map(({ email }) => email), ...keptEmails]);
    const takenIds = new Set(taken.map(({ id }) => id));
    dryRun?.emailsAmong(emails).forEach((email) => takenEmails.add(email));
    dryRun?.idsAmong(ids).forEach((id) => takenIds.add(id));
    const sorted = { fresh: [] as Account[], withTakenId: [] as Account[] };
    for (const account of accounts) {
      const { email, id } = account;
      if (takenEmails.has(email)) continue;
      if (id !== undefined && takenIds.has(id)) {
        sorted.withTakenId.push(account);
        continue;
      }
      sorted.fresh.push(account);
      takenEmails.add(email);
      if (id !== undefined) takenIds.add(id);
    }
    return sorted;
  }

  private async insert(accounts: readonly Identified[]): Promise<number> {
    if (accounts.length === 0) return 0;
    const now = this.clock.now();
    const ids = new Set(
      await this.users.insertFree(
        accounts.map(({ emailVerified, password, ...user }) => ({
          ...user,
          emailVerifiedAt: emailVerified ? now : null,
          invitedAt: password ? null : now,
        })),
      ),
    );
    const inserted = accounts.filter(({ id }) => ids.has(id));
    await this.credentials.insertAll(
      inserted.flatMap(({ id, password }) => (password ? [{ userId: id, ...this.passwords.adopt(password) }] : [])),
    );
    await this.audit.recordAll(
      inserted.map(({ id, role }) => ({ type: 'user_imported', actorId: null, subjectId: id, detail: { role } })),
    );
    return inserted.length;
  }

  /** Ids follow the times of creation, as lists of users do. */
  private identified(account: ImportedAccount): Identified {
    const createdAt = account.createdAt ?? this.clock.now();
    return { ...account, createdAt, id: account.id ?? uuidv7({ msecs: createdAt.getTime() }) };
  }
}
