export { Public, Roles } from './access.decorators.js';
export { AuthGuardModule } from './auth-guard.module.js';
export type { AuthGuardOptions } from './auth-guard.options.js';
export type { AccessTokenClaims } from './claims.js';
export { CurrentUser } from './current-user.decorator.js';
export {
  AccessRefused,
  InsufficientRole,
  InvalidToken,
  KeysUnavailable,
  MissingToken,
  type Problem,
} from './errors.js';
export { JwtAuthGuard } from './jwt-auth.guard.js';
export type { KeySource } from './key-source.js';
export type { Principal } from './principal.js';
