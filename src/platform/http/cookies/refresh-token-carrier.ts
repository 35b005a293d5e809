import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowedOrigins } from './allowed-origins.js';
import type { HttpSettings } from '../http-settings.js';
import { SecureCookie } from './secure-cookie.js';

/** Transports a browser's refresh token in an HttpOnly cookie, which is accepted from allowed origins only. */
export class RefreshTokenCarrier {
  private readonly cookie: SecureCookie;
  private readonly origins: AllowedOrigins;

  constructor(settings: Pick<HttpSettings, 'issuerUrl' | 'corsOrigins'>) {
    this.cookie = new SecureCookie('refresh_token', settings.issuerUrl);
    this.origins = new AllowedOrigins(settings);
  }

  /** Browsers send cookies automatically, so the origin must be allowed. @returns null if there is no cookie */
  read(request: FastifyRequest): string | null {
    const token = this.cookie.read(request);
    if (token !== null) this.origins.requireAllowedOrigin(request);
    return token;
  }

  /**
   * Reads the cookie without checking the origin, for a login that replaces it. @returns null if there is none, or more than one
   */
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
