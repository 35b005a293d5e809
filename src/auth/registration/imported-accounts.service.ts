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
import type { ImportedAccount, ImportOutcome } from './imported-account.value.js';

type Identified<Account> = Account & { id: string; createdAt: Date };

/** Accounts that come from elsewhere, many at once, on an operator's word. Nobody is mailed. */
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
   * All that are new, in one transaction; what is there already stays as it is. Of two with one address the first counts.
   * @param accounts some hundreds at most
   * @param options `dryRun`: only says what would become of them
   */
  async add<Account extends ImportedAccount>(
    accounts: readonly Account[],
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<ImportOutcome<Account>> {
    const identified = accounts.map((account) => this.identified(account));
    const attempt = (): Promise<ImportOutcome<Account>> =>
      this.database.inTransaction(() => this.addNew(identified, dryRun));
    // Somebody gave one of the addresses up after it was looked for: by now it is seen to be kept.
    return attempt().catch((error: unknown) => {
      if (error instanceof EmailTaken) return attempt();
      throw error;
    });
  }

  private async addNew<Account extends ImportedAccount>(
    accounts: readonly Identified<Account>[],
    dryRun: boolean,
  ): Promise<ImportOutcome<Account>> {
    const { fresh, withTakenId } = await this.sort(accounts);
    const imported = dryRun ? fresh.length : await this.insert(fresh);
    return { imported, there: accounts.length - imported - withTakenId.length, withTakenId };
  }

  private async sort<Account extends ImportedAccount>(
    accounts: readonly Identified<Account>[],
  ): Promise<{ fresh: Identified<Account>[]; withTakenId: Account[] }> {
    const emails = accounts.map(({ email }) => email);
    const taken = await this.users.findTaken(
      emails,
      accounts.map(({ id }) => id),
    );
    const takenEmails = new Set([...taken.map(({ email }) => email), ...(await this.tokens.keptAmong(emails))]);
    const takenIds = new Set(taken.map(({ id }) => id));
    const sorted = { fresh: [] as Identified<Account>[], withTakenId: [] as Account[] };
    for (const account of accounts) {
      if (takenEmails.has(account.email)) continue;
      (takenIds.has(account.id) ? sorted.withTakenId : sorted.fresh).push(account);
      takenEmails.add(account.email);
      takenIds.add(account.id);
    }
    return sorted;
  }

  private async insert(accounts: readonly Identified<ImportedAccount>[]): Promise<number> {
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
  private identified<Account extends ImportedAccount>(account: Account): Identified<Account> {
    const createdAt = account.createdAt ?? this.clock.now();
    return { ...account, createdAt, id: account.id ?? uuidv7({ msecs: createdAt.getTime() }) };
  }
}
