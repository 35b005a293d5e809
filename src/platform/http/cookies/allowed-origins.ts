import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.js';
import type { HttpSettings } from '../http-settings.js';

export class OriginNotAllowed extends Refusal {
  readonly kind = 'forbidden';
  readonly code = 'origin_not_allowed';

  constructor() {
    super('The request did not come from an allowed origin.');
  }
}

/** The second lock, beside SameSite, on what a browser does by cookie: only known pages may ask for it. */
export class AllowedOrigins {
  private readonly origins: ReadonlySet<string>;

  constructor({ issuerUrl, corsOrigins }: Pick<HttpSettings, 'issuerUrl' | 'corsOrigins'>) {
    this.origins = new Set([new URL(issuerUrl).origin, ...corsOrigins]);
  }

  /**
   * A browser always sends `Origin` with a POST or a DELETE, so one that is missing, or `null`, is refused.
   * @throws OriginNotAllowed
   */
  requireAllowedOrigin({ headers }: Pick<FastifyRequest, 'headers'>): void {
    if (headers.origin === undefined || !this.origins.has(headers.origin)) throw new OriginNotAllowed();
  }
}
