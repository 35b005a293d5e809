import type { FastifyReply, FastifyRequest } from 'fastify';
import { DuplicateCookie, SecureCookie } from './secure-cookie.js';

export const DEVICE_TOKEN_HEADER = 'x-device-token';

const DAY_SECONDS = 86_400;

/** Transports the device token: for browsers in an HttpOnly cookie, for other clients in a request and response header. */
export class DeviceTokenCarrier {
  private readonly cookie: SecureCookie;

  constructor(
    issuerUrl: string,
    private readonly days: number,
  ) {
    this.cookie = new SecureCookie('device_token', issuerUrl);
  }

  /**
   * Reads the header, or else the cookie. An unreadable token counts as none, because all it decides is whether the device is
   * known.
   */
  read(request: FastifyRequest): string | null {
    const header = request.headers[DEVICE_TOKEN_HEADER];
    if (header !== undefined) return typeof header === 'string' ? header : null;
    try {
      return this.cookie.read(request);
    } catch (error) {
      if (error instanceof DuplicateCookie) return null;
      throw error;
    }
  }

  give(reply: FastifyReply, token: string, byCookie: boolean): void {
    if (byCookie) this.cookie.set(reply, token, this.days * DAY_SECONDS);
    else reply.header(DEVICE_TOKEN_HEADER, token);
  }
}
