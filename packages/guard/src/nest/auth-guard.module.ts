import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import { type AuthGuardOptions, type AuthGuardSettings, SETTINGS, settingsFrom } from './auth-guard.options.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AuthGuardOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ global: true }, withGuard)
  .build();

/**
 * Guards a Nest app: `imports: [AuthGuardModule.forRoot({ issuer })]`. Every route is then closed unless it is marked
 * `@Public()`; with `global: false` only where `@UseGuards(JwtAuthGuard)`, `@Roles` or `@MaxAge` stands.
 */
@Module({})
export class AuthGuardModule extends ConfigurableModuleClass {}

function withGuard(definition: DynamicModule, { global }: { global: boolean }): DynamicModule {
  const settings = { provide: SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: settingsFrom };
  const verifier = {
    provide: AccessTokenVerifier,
    inject: [SETTINGS],
    useFactory: (given: AuthGuardSettings) => new AccessTokenVerifier(given),
  };
  const everywhere = { provide: APP_GUARD, useExisting: JwtAuthGuard };
  const own = [settings, verifier, JwtStrategy, JwtAuthGuard];
  return {
    ...definition,
    global: true, // any module may write @UseGuards(JwtAuthGuard)
    providers: [...(definition.providers ?? []), ...own, ...(global ? [everywhere] : [])],
    exports: [SETTINGS, AccessTokenVerifier, JwtStrategy, JwtAuthGuard],
  };
}
