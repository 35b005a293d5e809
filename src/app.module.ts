import { type DynamicModule, Module } from '@nestjs/common';
import { AuthGuardModule } from '@auth-service/guard';
import type { Logger } from 'pino';
import { Clock } from './platform/clock.js';
import type { Config } from './platform/config/config.js';
import type { ApiInfo } from './platform/http/openapi/open-api.js';
import { PlatformModule } from './platform/platform.module.js';
import { KeysModule } from './keys/keys.module.js';
import { KeysService } from './keys/keys.service.js';
import { UsersModule } from './users/users.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { AuthModule } from './auth/auth.module.js';
import { HealthModule } from './health/health.module.js';

/** What the OpenAPI document says of the service as a whole. */
export const API_INFO: ApiInfo = {
  title: 'Auth service',
  version: '0.1.0',
  description:
    'People register and log in here; every other app verifies their access tokens offline, with the keys published ' +
    'under `/.well-known/jwks.json`. Every refusal is a problem document (RFC 9457) with a stable `code`.',
};

/** The whole service, lowest room first. The guard closes every route that is not marked `@Public()`. */
@Module({})
export class AppModule {
  static forRoot(config: Config, logger: Logger, clock = new Clock()): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, logger, clock),
        AuthGuardModule.forRootAsync({
          imports: [KeysModule],
          inject: [KeysService],
          useFactory: (keys: KeysService) => ({ issuer: config.issuerUrl, audience: config.audience, keys }),
        }),
        KeysModule,
        UsersModule,
        SessionsModule,
        AuthModule,
        HealthModule,
      ],
    };
  }
}
