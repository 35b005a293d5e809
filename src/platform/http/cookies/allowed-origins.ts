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

/** Checks the `Origin` of requests authenticated by a cookie, as a second defence against CSRF beside SameSite. */
export class AllowedOrigins {
  private readonly origins: ReadonlySet<string>;

  constructor({ issuerUrl, corsOrigins }: Pick<HttpSettings, 'issuerUrl' | 'corsOrigins'>) {
    this.origins = new Set([new URL(issuerUrl).origin, ...corsOrigins]);
  }

  /** Browsers always send `Origin` with POST and DELETE, so a missing one, or `null`, is refused. */
  requireAllowedOrigin({ headers }: Pick<FastifyRequest, 'headers'>): void {
    if (headers.origin === undefined || !this.origins.has(headers.origin)) throw new OriginNotAllowed();
  }
}
