import {
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  Scope,
} from '@nestjs/common';
import { APP_GUARD, ApplicationConfig, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import { RevocationFeed } from '../revocations/revocation-feed.js';
import { AccessDeniedFilter } from './access-denied.filter.js';
import { type AuthGuardOptions, type AuthGuardSettings, SETTINGS, settingsFrom } from './auth-guard.options.js';
import { HybridAppCheck } from './hybrid-app.check.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AuthGuardOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ global: true }, withGuard)
  .build();

/**
 * Guards a Nest app: `imports: [AuthGuardModule.forRoot({ issuer })]`. Every route then needs a token unless it is marked
 * `@Public()`. With `global: false`, only routes with `@UseGuards(JwtAuthGuard)`, `@Roles`, `@MaxAge` or `@Strict` need one.
 */
@Module({})
export class AuthGuardModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  private revocations: RevocationFeed | undefined;

  constructor(
    private readonly module: ModuleRef,
    config: ApplicationConfig,
    adapterHost: HttpAdapterHost,
  ) {
    super();
    // Nest calls the first filter last, so the app's own filters come first. An APP_FILTER would come before them.
    config.addGlobalFilter(new AccessDeniedFilter(adapterHost));
  }

  /**
   * Older versions of Nest silently skip a request-scoped global guard, which would open every route.
   *
   * @throws TypeError if the options come from a request-scoped provider
   */
  onModuleInit(): void {
    if (this.module.introspect(JwtAuthGuard).scope !== Scope.DEFAULT)
      throw new TypeError('The auth guard cannot start: its options must not come from a request-scoped provider.');
    const revocations: RevocationFeed = this.module.get(RevocationFeed);
    this.revocations = revocations;
    void revocations.start(); // the first request waits for it, the start of the app does not
  }

  // Not earlier than here, because requests may be in progress until now.
  async onApplicationShutdown(): Promise<void> {
    await this.revocations?.close();
  }
}

function withGuard(definition: DynamicModule, { global }: { global: boolean }): DynamicModule {
  const settings = { provide: SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: settingsFrom };
  const verifier = {
    provide: AccessTokenVerifier,
    inject: [SETTINGS],
    useFactory: (given: AuthGuardSettings) => new AccessTokenVerifier(given),
  };
  const feed = {
    provide: RevocationFeed,
    inject: [AccessTokenVerifier],
    useFactory: ({ revocations }: AccessTokenVerifier) => revocations,
  };
  const everywhere = { provide: APP_GUARD, useExisting: JwtAuthGuard };
  const own = [settings, verifier, feed, JwtStrategy, JwtAuthGuard];
  return {
    ...definition,
    global: true, // any module may write @UseGuards(JwtAuthGuard)
    providers: [...(definition.providers ?? []), ...own, ...(global ? [everywhere, HybridAppCheck] : [])],
    exports: [SETTINGS, AccessTokenVerifier, RevocationFeed, JwtStrategy, JwtAuthGuard],
  };
}
