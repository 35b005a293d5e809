import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { SigningKey } from './signing-key.entity.js';
import * as sql from './signing-keys-sql.repository.js';

/** The channel that tells every replica about a committed change of the keys. */
export const SIGNING_KEYS_CHANNEL = 'signing_keys';

/** Advisory lock for changes of signing keys. The number only has to be unique within the database. */
const SIGNING_KEYS_LOCK = 7_265_102;

/** A key and the time when it was read, by the database's clock. */
export type StoredKey = SigningKey & { readAt: Date };
export type NewKey = Pick<SigningKey, 'kid' | 'publicJwk' | 'secretId' | 'sealed'>;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  findAll(): Promise<StoredKey[]> {
    return this.database.query<StoredKey>(sql.FIND_ALL, []);
  }

  /** Changes keys under a lock. Other replicas wait, and then see the result. */
  changeAlone<Result>(change: (keys: StoredKey[]) => Promise<Result>): Promise<Result> {
    return this.database.inTransaction(async () => {
      await this.database.query(sql.LOCK, [SIGNING_KEYS_LOCK]);
      return change(await this.findAll());
    });
  }

  /**
   * Like `changeAlone`, but does nothing if another replica is changing keys, because it does the same work. @returns null in
   * this case
   */
  changeAloneOrLeave<Result>(change: (keys: StoredKey[]) => Promise<Result>): Promise<Result | null> {
    return this.database.inTransaction(async () => {
      const [answer] = await this.database.query<{ locked: boolean }>(sql.TRY_LOCK, [SIGNING_KEYS_LOCK]);
      return answer?.locked ? change(await this.findAll()) : null;
    });
  }

  /** Inserts a standby key. */
  async insert({ kid, publicJwk, secretId, sealed }: NewKey): Promise<void> {
    await this.write(sql.INSERT, [kid, JSON.stringify(publicJwk), secretId, sealed]);
  }

  /** Activates the standby key, and retires the current signing key. */
  async activate(kid: string): Promise<void> {
    await this.write(sql.RETIRE_OTHERS, [kid]);
    await this.write(sql.ACTIVATE, [kid]);
  }

  async delete(kids: readonly string[]): Promise<void> {
    await this.write(sql.DELETE, [kids]);
  }

  /** @returns false if another secret than `from` encrypts it by now */
  async reseal(kid: string, from: string, { secretId, sealed }: Pick<NewKey, 'secretId' | 'sealed'>): Promise<boolean> {
    return (await this.write(sql.RESEAL, [kid, from, secretId, sealed])).length > 0;
  }

  /** Runs the statement and notifies all replicas. */
  private async write(statement: Statement, values: unknown[]): Promise<object[]> {
    const rows = await this.database.query(statement, values);
    await this.database.query(sql.NOTIFY, [SIGNING_KEYS_CHANNEL]);
    return rows;
  }
}
