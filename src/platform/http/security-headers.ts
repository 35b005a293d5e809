import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { DEVICE_TOKEN_HEADER } from './cookies/device-token-carrier.js';
import type { HttpSettings } from './http-settings.js';
import { REQUEST_ID_HEADER } from './requests/request-id.js';

type CorsOptions = NonNullable<Parameters<NestFastifyApplication['enableCors']>[0]>;

const YEAR_SECONDS = 31_536_000;

/**
 * The security headers of every response, by lower-case name. They never change, so helmet runs only once: per response it would
 * build the policy again, and set the headers in a way that is slow in Node.
 */
export function securityHeaders(settings: Pick<HttpSettings, 'issuerUrl'>): Readonly<Record<string, string>> {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(helmetOptions(settings))(answer.req, answer, () => undefined);
  return Object.fromEntries(answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))]));
}

/** API responses are data: a browser that displays one must not load, run or frame anything. */
function helmetOptions({ issuerUrl }: Pick<HttpSettings, 'issuerUrl'>): HelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps(issuerUrl) && { maxAge: YEAR_SECONDS },
  };
}

/** The policy for the documentation page, whose scripts, styles and images are all served by this service. */
export function documentationPolicy(issuerUrl: string): string {
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    // Swagger UI writes style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  // Over plain http it would make the browser request the page's files over TLS.
  if (isHttps(issuerUrl)) directives.push('upgrade-insecure-requests');
  return directives.join(';');
}

/** @returns null if no other origin is allowed; there are no preflight responses then either */
export function corsOptions({ corsOrigins }: HttpSettings): CorsOptions | null {
  if (corsOrigins.length === 0) return null;
  return {
    origin: [...corsOrigins],
    credentials: true,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', REQUEST_ID_HEADER, DEVICE_TOKEN_HEADER],
    exposedHeaders: [
      REQUEST_ID_HEADER,
      DEVICE_TOKEN_HEADER,
      'retry-after',
      'ratelimit',
      'ratelimit-policy',
      'www-authenticate',
    ],
    maxAge: 600,
    // Its refusal would be plain text. Without it, an OPTIONS request that is not a preflight gets 204.
    strictPreflight: false,
  };
}

function isHttps(url: string): boolean {
  return new URL(url).protocol === 'https:';
}
