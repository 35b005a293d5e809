import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { AccessTokenVerifier } from '../core/access-token.verifier.js';
import { AccessRefused, InsufficientRole, LoginTooOld, MissingToken } from '../core/errors.js';
import type { Principal } from '../core/principal.js';
import { AccessDenied, denial } from './access-denied.js';
import { accessTo, type Demands, GUARD } from './access.metadata.js';
import { type AuthGuardSettings, SETTINGS } from './auth-guard.options.js';
import { JwtStrategy, type TokenCarrier } from './jwt.strategy.js';
import { admit, usualToken } from './transports.js';
import { turnEnd } from './turn-end.js';

interface PassportGuard extends CanActivate {
  canActivate(carrier: object): boolean | Promise<boolean>;
}

// Typed by hand, because the types of @nestjs/passport need those of passport, which not every app has installed.
const PassportGuard = AuthGuard() as unknown as new (options: object) => PassportGuard;

/**
 * Accepts requests with a valid access token that meet the demands of `@Roles`, `@MaxAge` and `@Strict`. `@Public` routes are
 * open. The `Principal` is then available as `@CurrentUser()`, and over HTTP also as `request.user`.
 *
 * @throws AccessDenied whose cause is a MissingToken, InvalidToken, InsufficientRole, LoginTooOld, KeysUnavailable or
 * RevocationsUnknown. Over WebSockets and microservices it throws WsException or RpcException with the problem document
 */
@Injectable()
export class JwtAuthGuard extends PassportGuard {
  static readonly [GUARD] = true;

  constructor(
    private readonly reflector: Reflector,
    @Inject(JwtStrategy) strategy: object,
    private readonly verifier: AccessTokenVerifier,
    @Inject(SETTINGS) private readonly settings: AuthGuardSettings,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    // Passport accepts an instance here, although its types require the name of a registered strategy.
    const options = { defaultStrategy: strategy };
    super(options);
    // AuthGuard lets the options of an imported PassportModule replace its own. Another strategy would then guard the route.
    Object.defineProperty(this, 'options', { get: () => options, set: () => undefined });
  }

  // Returns at once for a cached token: a promise, and the extra ticks in Nest, would cost more than the lookup.
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = accessTo(context, this.reflector);
    if (access === 'anyone') return true;
    try {
      const token = this.tokenOf(context);
      const principal = this.verifier.recall(token) ?? this.askPassport(token);
      if (!(principal instanceof Promise)) return this.letIn(context, access, principal);
      return principal
        .then(async (known) => this.letIn(context, access, known ?? (await this.askPassport(token))))
        .catch((error: unknown) => this.refuse(context, error));
    } catch (error) {
      return this.refuse(context, error);
    }
  }

  // Passport sees neither the request, which it would read the token from and write to, nor the response.
  protected getRequest(carrier: object): object {
    return carrier;
  }

  protected getResponse(): void {}

  private tokenOf(context: ExecutionContext): string {
    // Over HTTP a token is read from one place only (RFC 6750 section 2.1), whatever the options say.
    const tokenFrom = context.getType() === 'http' ? usualToken : this.settings.tokenFrom;
    const token = tokenFrom(context);
    if (token === undefined || token === null) throw new MissingToken();
    return token;
  }

  private letIn(context: ExecutionContext, access: Demands, principal: Principal): true {
    if (access.strict) this.verifier.mustKnowRevocations();
    admit(context, principal); // before checking the demands, so that logs can name a refused user, too
    this.mustMeet(access, principal);
    return true;
  }

  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    throw error instanceof AccessRefused ? await this.denial(context, error) : error;
  }

  private async askPassport(token: string): Promise<Principal> {
    const candidate = this.verifier.candidate(token);
    const carrier: TokenCarrier = { candidate: candidate instanceof Promise ? await candidate : candidate };
    await turnEnd();
    await super.canActivate(carrier);
    if (!carrier.user) throw new Error('Passport accepted a request without a user.');
    return carrier.user;
  }

  private mustMeet({ roles, maxAgeSeconds }: Demands, { role, authTime }: Principal): void {
    if (roles && !roles.includes(role)) throw new InsufficientRole();
    if (maxAgeSeconds === undefined) return;
    const ageSeconds = authTime ? (this.settings.clock() - authTime.getTime()) / 1000 : Infinity;
    if (ageSeconds > maxAgeSeconds) throw new LoginTooOld(maxAgeSeconds);
  }

  // Sets the challenge on the response here, so that it is kept if a filter of the app writes its own body.
  private async denial(context: ExecutionContext, refused: AccessRefused): Promise<Error> {
    const denied = await denial(context.getType(), refused);
    if (denied instanceof AccessDenied && context.getType() === 'http') {
      const { httpAdapter } = this.adapterHost;
      const response = context.switchToHttp().getResponse<unknown>();
      for (const [name, value] of Object.entries(refused.headers)) {
        if (name !== 'Content-Type') httpAdapter.setHeader(response, name, value);
      }
    }
    return denied;
  }
}
