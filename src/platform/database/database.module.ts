import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { servingOptions } from './connections/data-source-options.js';
import { Database } from './database.service.js';
import { Notifications } from './notifications.js';
import { requireSessionLimits } from './connections/session-limits.js';
import { isDatabaseTrouble } from './trouble.js';

/** Migrations have just run, so a failure here is temporary, for example because many replicas start at once. */
const FIRST_CONNECTION = { retryAttempts: 5, retryDelay: 500, toRetry: isDatabaseTrouble };

/** The connections that serve requests. `migrate` has updated the schema before. */
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
