import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.js';

/** The same cookie was sent twice: another host may have planted one of them. */
export class DuplicateCookie extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'duplicate_cookie';

  constructor() {
    super('The request contains the same cookie more than once.');
  }
}

/**
 * An HttpOnly, SameSite=Strict cookie. Over https its name has the `__Host-` prefix, so that no neighbouring host can set it:
 * the prefix binds it to this host, to TLS and to the path `/` (RFC 6265bis section 4.1.3).
 */
export class SecureCookie {
  readonly name: string;
  private readonly attributes: CookieSerializeOptions;

  constructor(baseName: string, issuerUrl: string) {
    const secure = new URL(issuerUrl).protocol === 'https:';
    this.name = secure ? `__Host-${baseName}` : baseName;
    this.attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure };
  }

  /** @throws DuplicateCookie */
  read(request: FastifyRequest): string | null {
    if (this.count(request) > 1) throw new DuplicateCookie();
    return this.find(request);
  }

  /** @returns null if there is no cookie, or more than one */
  find(request: FastifyRequest): string | null {
    return this.count(request) > 1 ? null : (request.cookies[this.name] ?? null);
  }

  set(reply: FastifyReply, value: string, maxAgeSeconds: number): void {
    reply.setCookie(this.name, value, { ...this.attributes, maxAge: maxAgeSeconds });
  }

  clear(reply: FastifyReply): void {
    reply.setCookie(this.name, '', { ...this.attributes, maxAge: 0, expires: new Date(0) });
  }

  private count({ headers }: FastifyRequest): number {
    return (headers.cookie ?? '').split(';').filter((pair) => pair.split('=', 1)[0]?.trim() === this.name).length;
  }
}
