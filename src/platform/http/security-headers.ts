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
 * What every answer carries, by name in lower case. It is the same each time, so helmet is asked once: for each answer it would
 * write the policy anew, and set the headers in a way that makes Node join all of them one by one.
 */
export function securityHeaders(settings: Pick<HttpSettings, 'issuerUrl'>): Readonly<Record<string, string>> {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(helmetOptions(settings))(answer.req, answer, () => undefined);
  return Object.fromEntries(answer.getHeaderNames().map((name) => [name, String(answer.getHeader(name))]));
}

/** An API's answers are data: a browser that shows one may load nothing, run nothing and frame nothing. */
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

/** The policy for the documentation's page, whose scripts, styles and pictures are the service's own files. */
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
  // Over plain http it would send the page's own files to a port that speaks no TLS.
  if (isHttps(issuerUrl)) directives.push('upgrade-insecure-requests');
  return directives.join(';');
}

/** @returns null when no other origin is let in; then there is no preflight either */
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
    // Its refusal is plain text; without it an OPTIONS that is no preflight is simply answered 204.
    strictPreflight: false,
  };
}

function isHttps(url: string): boolean {
  return new URL(url).protocol === 'https:';
}
