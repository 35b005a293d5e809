import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type Access, accessTo } from './access.decorators.js';
import { AccessRefused, InsufficientRole, InvalidToken } from './errors.js';
import { JwtStrategy } from './jwt.strategy.js';
import type { Principal } from './principal.js';
import { TokenRefused } from './token-refused.js';

/**
 * Lets in requests with a valid access token, and of these only the roles that `@Roles` names; `@Public` routes are open.
 * The `Principal` then stands in `request.user`.
 *
 * @throws MissingToken, InvalidToken, InsufficientRole, KeysUnavailable
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    strategy: JwtStrategy,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    // Passport takes an instance where its types ask for the name of a registered strategy.
    const options = { defaultStrategy: strategy };
    super(options);
    // AuthGuard has the options of a PassportModule nearby injected over its own: another strategy would guard the route.
    Object.defineProperty(this, 'options', { get: () => options, set: () => undefined });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessTo(context, this.reflector);
    if (access === 'anyone') return true;
    try {
      await super.canActivate(context);
      checkRole(context, access);
      return true;
    } catch (error) {
      throw this.refusal(error, context);
    }
  }

  /** Sets the headers here, so that an app needs no exception filter of ours to answer with them. */
  private refusal(error: unknown, context: ExecutionContext): unknown {
    const refusal = error instanceof TokenRefused ? new InvalidToken(error.message, error) : error;
    if (refusal instanceof AccessRefused && context.getType() === 'http') {
      const response = context.switchToHttp().getResponse<unknown>();
      for (const [name, value] of Object.entries(refusal.headers)) {
        this.adapterHost.httpAdapter.setHeader(response, name, value);
      }
    }
    return refusal;
  }
}

function checkRole(context: ExecutionContext, roles: Exclude<Access, 'anyone'> | undefined): void {
  const { user } = context.switchToHttp().getRequest<{ user: Principal }>();
  if (roles && !roles.includes(user.role)) throw new InsufficientRole();
}
