import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Config } from '../config/config.js';
import { servingOptions } from './data-source-options.js';
import { Database } from './database.service.js';

/** The connections that serve requests. Their schema is brought up to date before, by `migrate`. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ ...servingOptions(config), autoLoadEntities: true, retryAttempts: 0 }),
    }),
  ],
  providers: [Database],
  exports: [Database],
})
export class DatabaseModule {}
