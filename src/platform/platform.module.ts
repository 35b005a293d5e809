import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock } from './clock.js';
import { Config } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { isDatabaseTrouble } from './database/trouble.js';
import { EventLog } from './log/event-log.js';
import { IS_DATABASE_TROUBLE } from './http/create-app.js';
import type { Instruments } from './instruments/instruments.js';
import { Metrics } from './instruments/metrics.js';
import { TRACING } from './instruments/tracing.js';
import { JobsModule } from './jobs/jobs.module.js';
import { SecretRing } from './secrets/secret-ring.value.js';

/** Infrastructure for all modules. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(config: Config, logger: Logger, clock: Clock, { metrics, tracing }: Instruments): DynamicModule {
    return {
      module: PlatformModule,
      imports: [DatabaseModule, JobsModule],
      providers: [
        { provide: Clock, useValue: clock },
        { provide: IS_DATABASE_TROUBLE, useValue: isDatabaseTrouble },
        { provide: Config, useValue: config },
        { provide: EventLog, useValue: new EventLog(logger, metrics) },
        { provide: Metrics, useValue: metrics },
        { provide: TRACING, useValue: tracing },
        { provide: SecretRing, useValue: new SecretRing(config.authSecrets) },
      ],
      exports: [Clock, Config, EventLog, Metrics, SecretRing, IS_DATABASE_TROUBLE, TRACING],
    };
  }
}
