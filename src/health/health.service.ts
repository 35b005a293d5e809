import { Injectable } from '@nestjs/common';
import { KeysService } from '../keys/keys.service.js';
import { Database } from '../platform/database/database.service.js';
import { isDatabaseTrouble } from '../platform/database/trouble.js';
import { DatabaseAway, KeyNotOpened, MigrationsMissing } from './health.errors.js';

/** Checks whether requests can be served. */
@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly keys: KeysService,
  ) {}

  /** @throws DatabaseAway, MigrationsMissing, KeyNotOpened: the first that applies */
  async requireReady(): Promise<void> {
    const migrated = await this.database.isMigrated().catch((error: unknown) => {
      throw isDatabaseTrouble(error) ? new DatabaseAway(error) : error;
    });
    if (!migrated) throw new MigrationsMissing();
    if (!this.keys.signsAsItShould) throw new KeyNotOpened();
  }
}
