import { type DynamicModule, Module } from '@nestjs/common';
import { AuthGuardModule, type Principal, RevokedSessions } from '@auth-service/guard';
import type { Logger } from 'pino';
import { Clock } from './platform/clock.js';
import type { Config } from './platform/config/config.js';
import type { ApiInfo } from './platform/http/openapi/open-api.js';
import { type Instruments, plainInstruments } from './platform/instruments/instruments.js';
import { PlatformModule } from './platform/platform.module.js';
import { MailModule } from './mail/mail.module.js';
import { AuditModule } from './audit/audit.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { KeysModule } from './keys/keys.module.js';
import { KeysService } from './keys/keys.service.js';
import { UsersModule } from './users/users.module.js';
import { DevicesModule } from './devices/devices.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { RevocationsModule } from './revocations/revocations.module.js';
import { SignalsModule } from './signals/signals.module.js';
import { OneTimeTokensModule } from './one-time-tokens/one-time-tokens.module.js';
import { VerificationModule } from './verification/verification.module.js';
import { AuthModule } from './auth/auth.module.js';
import { RecoveryModule } from './recovery/recovery.module.js';
import { AccountModule } from './account/account.module.js';
import { AdminModule } from './admin/admin.module.js';
import { PagesModule } from './pages/pages.module.js';
import { HealthModule } from './health/health.module.js';
import { CommandsModule } from './commands/commands.module.js';

/** What the OpenAPI document says of the service as a whole. */
export const API_INFO: ApiInfo = {
  title: 'Auth service',
  version: '0.1.0',
  description: [
    'People register and log in here; every other app verifies their access tokens offline, with the keys published under ' +
      '`/.well-known/jwks.json`.',
    '**Try it on this page:** register, log in, copy the `accessToken` into Authorize, and ask who you are at `GET /users/me`.',
    'Bodies are `application/json`, at most 16 KiB, without unknown properties. Every refusal is a problem document ' +
      '(RFC 9457) with a stable `code`, also those that any request may meet: 404, 405, 408, 414, 431.',
  ].join('\n\n'),
  tags: [
    { name: 'Auth', description: 'Prove who you are, stay signed in, and leave.' },
    { name: 'Recovery', description: 'Links by mail: confirm an address, choose a new password.' },
    { name: 'Users', description: 'The account behind an access token.' },
    { name: 'Account', description: 'Change what your account is: password, email address, language.' },
    { name: 'Sessions', description: 'Where you are signed in.' },
    { name: 'Administration', description: 'For admins: other people’s accounts.' },
    { name: 'Audit', description: 'What happened, when, and who did it.' },
    { name: 'Revocations', description: 'Which sessions were closed while their access tokens are alive.' },
    {
      name: 'Signals',
      description: 'The same for software that speaks Shared Signals, each event until it is acknowledged.',
    },
    { name: 'Discovery', description: 'What other apps need to verify access tokens: no account, no secret.' },
    { name: 'Health', description: 'For whoever runs the service.' },
  ],
  bearers: [
    {
      scheme: 'receiver',
      description: 'The token of a receiver of Shared Signals, of which `SSF_RECEIVERS` holds the digest.',
    },
  ],
  cookies: [
    {
      scheme: 'refreshCookie',
      name: '__Host-refresh_token',
      description:
        'Nothing to enter here: a login with `transport: "cookie"` sets it and the browser sends it by itself, from allowed ' +
        'origins only. Over plain http it is called `refresh_token`.',
    },
  ],
};

/** The whole service, lowest room first. The guard closes every route that is not marked `@Public()`. */
@Module({})
export class AppModule {
  static forRoot(
    config: Config,
    logger: Logger,
    clock = new Clock(),
    instruments: Instruments = plainInstruments(),
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, logger, clock, instruments),
        MailModule.forRoot(config),
        AuthGuardModule.forRootAsync({
          imports: [KeysModule, SessionsModule],
          inject: [KeysService, RevokedSessions],
          useFactory: (keys: KeysService, revoked: RevokedSessions) => ({
            issuer: config.issuerUrl,
            audience: config.audience,
            keys,
            isRevoked: (user: Principal) => revoked.has(user),
          }),
        }),
        AuditModule,
        LimitsModule,
        KeysModule,
        UsersModule,
        DevicesModule,
        SessionsModule,
        RevocationsModule,
        SignalsModule,
        OneTimeTokensModule,
        VerificationModule,
        AuthModule,
        RecoveryModule,
        AccountModule,
        AdminModule,
        PagesModule.forRoot(config),
        HealthModule,
        CommandsModule,
      ],
    };
  }
}
