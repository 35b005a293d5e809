import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.service.js';
import { SigningKey } from './signing-key.entity.js';

/** Any number of this service's own: whoever holds this advisory lock may make signing keys. */
const SIGNING_KEYS_LOCK = 7_265_102;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first. */
  findAll(): Promise<SigningKey[]> {
    return this.database.manager.find(SigningKey, { order: { createdAt: 'ASC', kid: 'ASC' } });
  }

  /** Stores what `make` gives if no key exists yet; of many replicas at once exactly one does. @returns all keys */
  findAllOrInsert(make: () => Omit<SigningKey, 'createdAt'>[]): Promise<SigningKey[]> {
    return this.database.inTransaction(async () => {
      await this.database.manager.query('SELECT pg_advisory_xact_lock($1)', [SIGNING_KEYS_LOCK]);
      if (!(await this.database.manager.exists(SigningKey))) await this.database.manager.insert(SigningKey, make());
      return this.findAll();
    });
  }
}
