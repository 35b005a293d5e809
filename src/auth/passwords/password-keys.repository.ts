import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { PasswordKey } from './password-key.entity.js';

/** Advisory lock for changes of password keys. The number only has to be unique within the database. */
const PASSWORD_KEYS_LOCK = 7_265_103;

@Injectable()
export class PasswordKeysRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  findAll(): Promise<PasswordKey[]> {
    return this.database.manager.find(PasswordKey, { order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /**
   * Stores the result of `make` if there is no key yet. If several replicas try at once, exactly one succeeds. @returns all keys
   */
  findAllOrInsert(make: () => Omit<PasswordKey, 'createdAt'>): Promise<PasswordKey[]> {
    return this.database.inTransaction(async () => {
      await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [PASSWORD_KEYS_LOCK]);
      if (!(await this.database.manager.exists(PasswordKey))) await this.database.manager.insert(PasswordKey, make());
      return this.findAll();
    });
  }

  /** Stores the result of `reseal` for each key, unless it is null. Holds a lock, so that nobody else changes keys meanwhile. */
  resealAll(reseal: (key: PasswordKey) => Pick<PasswordKey, 'secretId' | 'sealed'> | null): Promise<number> {
    return this.database.inTransaction(async () => {
      await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [PASSWORD_KEYS_LOCK]);
      let count = 0;
      for (const key of await this.findAll()) {
        const sealed = reseal(key);
        if (!sealed) continue;
        const { affected } = await this.database.manager.update(
          PasswordKey,
          { id: key.id, secretId: key.secretId },
          sealed,
        );
        count += affected ?? 0;
      }
      return count;
    });
  }
}
