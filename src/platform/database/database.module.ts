import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { servingOptions } from './connections/data-source-options.js';
import { Database } from './database.service.js';
import { Notifications } from './notifications.js';
import { requireSessionLimits } from './connections/session-limits.js';
import { isDatabaseTrouble } from './trouble.js';

/** The migrations have just been there: what fails now is a database that stumbles, as under the starts of many replicas. */
const FIRST_CONNECTION = { retryAttempts: 5, retryDelay: 500, toRetry: isDatabaseTrouble };

/** The connections that serve requests. Their schema is brought up to date before, by `migrate`. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ ...servingOptions(config), ...FIRST_CONNECTION, autoLoadEntities: true }),
    }),
  ],
  providers: [Database, Notifications],
  exports: [Database, Notifications],
})
export class DatabaseModule implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** @throws SessionLimitsMissing */
  async onModuleInit(): Promise<void> {
    if (this.config.databasePooled) await requireSessionLimits(this.dataSource);
  }
}
