export * from './core.js';
export { MaxAge, Public, Roles, Strict } from './nest/access.decorators.js';
export { AccessDenied } from './nest/access-denied.js';
export { AuthGuardModule } from './nest/auth-guard.module.js';
export type { AuthGuardOptions } from './nest/auth-guard.options.js';
export { CurrentUser } from './nest/current-user.decorator.js';
export { JwtAuthGuard } from './nest/jwt-auth.guard.js';
