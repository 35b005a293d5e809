import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowedOrigins } from './allowed-origins.js';
import type { HttpSettings } from '../http-settings.js';
import { SecureCookie } from './secure-cookie.js';

/** How a browser keeps its refresh token: in a cookie that no script reads, and that works for allowed pages only. */
export class RefreshTokenCarrier {
  private readonly cookie: SecureCookie;
  private readonly origins: AllowedOrigins;

  constructor(settings: Pick<HttpSettings, 'issuerUrl' | 'corsOrigins'>) {
    this.cookie = new SecureCookie('refresh_token', settings.issuerUrl);
    this.origins = new AllowedOrigins(settings);
  }

  /**
   * A browser sends it unasked, so the caller's origin must be allowed. @returns null where there is none
   * @throws DuplicateCookie, OriginNotAllowed
   */
  read(request: FastifyRequest): string | null {
    const token = this.cookie.read(request);
    if (token !== null) this.origins.requireAllowedOrigin(request);
    return token;
  }

  /** What is about to be replaced, from whatever origin. @returns null also when it is there twice */
  find(request: FastifyRequest): string | null {
    return this.cookie.find(request);
  }

  give(reply: FastifyReply, token: string, maxAgeSeconds: number): void {
    this.cookie.set(reply, token, maxAgeSeconds);
  }

  takeAway(reply: FastifyReply): void {
    this.cookie.clear(reply);
  }
}
