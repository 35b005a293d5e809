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

/** The general part of the OpenAPI document. */
export const API_INFO: ApiInfo = {
  title: 'Auth service',
  version: '0.1.0',
  description: [
    'People register and log in here. Your other apps verify their access tokens offline, with the keys published at ' +
      '`/.well-known/jwks.json`.',
    '**Try it on this page:** register, log in, paste the `accessToken` into Authorize, and call `GET /users/me`.',
    'Request bodies are `application/json`, at most 16 KiB, without unknown properties. Every error is a problem document ' +
      '(RFC 9457) with a stable `code`. Any request may also be answered with 404, 405, 408, 414 or 431.',
  ].join('\n\n'),
  tags: [
    { name: 'Auth', description: 'Register, log in, refresh tokens and log out.' },
    { name: 'Recovery', description: 'Emailed links: confirm an email address, reset the password.' },
    { name: 'Users', description: 'The account that an access token belongs to.' },
    {
      name: 'Account',
      description:
        'Change the password, email address or language of your account; export your data; close the account.',
    },
    { name: 'Sessions', description: 'Where you are logged in.' },
    { name: 'Administration', description: 'Manage accounts. For admins only.' },
    { name: 'Audit', description: 'Who did what, and when.' },
    { name: 'Revocations', description: 'Sessions that were closed before their access tokens expired.' },
    {
      name: 'Signals',
      description:
        'Closed sessions and account events for receivers of Shared Signals. Each event is sent until it is acknowledged.',
    },
    {
      name: 'Discovery',
      description: 'What other apps need to verify access tokens. No account or secret is required.',
    },
    { name: 'Health', description: 'For those who operate the service.' },
  ],
  bearers: [
    {
      scheme: 'receiver',
      description: 'The token of a receiver of Shared Signals. `SSF_RECEIVERS` holds its digest.',
    },
  ],
  cookies: [
    {
      scheme: 'refreshCookie',
      name: '__Host-refresh_token',
      description:
        'Nothing to enter here. A login with `transport: "cookie"` sets this cookie, and the browser sends it automatically. It is ' +
        'accepted only from allowed origins. Over plain http it is called `refresh_token`.',
    },
  ],
};

/**
 * The whole service. Modules are imported before those that depend on them. The guard protects every route without `@Public()`.
 */
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
