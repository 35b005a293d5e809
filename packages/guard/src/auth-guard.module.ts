import { ConfigurableModuleBuilder, type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type AuthGuardOptions, settingsFrom } from './auth-guard.options.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy, SETTINGS } from './jwt.strategy.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AuthGuardOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ global: true }, withGuard)
  .build();

/**
 * Guards a Nest app: `imports: [AuthGuardModule.forRoot({ issuer, keys })]`. Every route is then closed unless it is marked
 * `@Public()`; with `global: false` only where `@UseGuards(JwtAuthGuard)` stands.
 */
@Module({})
export class AuthGuardModule extends ConfigurableModuleClass {}

function withGuard(definition: DynamicModule, { global }: { global: boolean }): DynamicModule {
  const settings = { provide: SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: settingsFrom };
  const everywhere = { provide: APP_GUARD, useExisting: JwtAuthGuard };
  return {
    ...definition,
    global: true, // any module may write @UseGuards(JwtAuthGuard)
    providers: [...(definition.providers ?? []), settings, JwtStrategy, JwtAuthGuard, ...(global ? [everywhere] : [])],
    exports: [JwtStrategy, JwtAuthGuard],
  };
}
