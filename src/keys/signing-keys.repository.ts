import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import type { SigningKey } from './signing-key.entity.js';
import * as sql from './signing-keys-sql.repository.js';

/** Told to every replica when a change of the keys has committed. */
export const SIGNING_KEYS_CHANNEL = 'signing_keys';

/** Any number of this service's own: whoever holds this advisory lock may change signing keys. */
const SIGNING_KEYS_LOCK = 7_265_102;

/** A key as it was read, and when, by the database's clock. */
export type StoredKey = SigningKey & { readAt: Date };
export type NewKey = Pick<SigningKey, 'kid' | 'publicJwk' | 'secretId' | 'sealed'>;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  findAll(): Promise<StoredKey[]> {
    return this.database.query<StoredKey>(sql.FIND_ALL, []);
  }

  /** Of many replicas at once one changes keys; the others wait, and then see what it did. */
  changeAlone<Result>(change: (keys: StoredKey[]) => Promise<Result>): Promise<Result> {
    return this.database.inTransaction(async () => {
      await this.database.query(sql.LOCK, [SIGNING_KEYS_LOCK]);
      return change(await this.findAll());
    });
  }

  /** As `changeAlone`, but while another one changes keys nothing is done: it does the same work. @returns null then */
  changeAloneOrLeave<Result>(change: (keys: StoredKey[]) => Promise<Result>): Promise<Result | null> {
    return this.database.inTransaction(async () => {
      const [answer] = await this.database.query<{ locked: boolean }>(sql.TRY_LOCK, [SIGNING_KEYS_LOCK]);
      return answer?.locked ? change(await this.findAll()) : null;
    });
  }

  /** A new standby key. */
  async insert({ kid, publicJwk, secretId, sealed }: NewKey): Promise<void> {
    await this.write(sql.INSERT, [kid, JSON.stringify(publicJwk), secretId, sealed]);
  }

  /** The standby key begins to sign, and whichever did ends to. */
  async activate(kid: string): Promise<void> {
    await this.write(sql.RETIRE_OTHERS, [kid]);
    await this.write(sql.ACTIVATE, [kid]);
  }

  async delete(kids: readonly string[]): Promise<void> {
    await this.write(sql.DELETE, [kids]);
  }

  /** @returns false when it is sealed under another secret than `from` by now */
  async reseal(kid: string, from: string, { secretId, sealed }: Pick<NewKey, 'secretId' | 'sealed'>): Promise<boolean> {
    return (await this.write(sql.RESEAL, [kid, from, secretId, sealed])).length > 0;
  }

  /** No change is silent: every replica hears of it. */
  private async write(statement: Statement, values: unknown[]): Promise<object[]> {
    const rows = await this.database.query(statement, values);
    await this.database.query(sql.NOTIFY, [SIGNING_KEYS_CHANNEL]);
    return rows;
  }
}
