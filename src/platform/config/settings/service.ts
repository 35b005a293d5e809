import { origin, postgresUrl, secretBytes } from '../formats.js';
import { anyText, list, oneOf, text, wholeNumber } from '../setting.js';

/** Where the service runs, what it stands on, and by what name it is known. */
export const SERVICE_SETTINGS = {
  NODE_ENV: oneOf(['production', 'development', 'test'], {
    default: 'development',
    about: 'In `production` nothing is made up: a missing or weak setting stops the start.',
  }),
  DATABASE_URL: text('a PostgreSQL URL with a database name (postgres://user:password@host:port/name)', postgresUrl, {
    defaultNote: 'outside production: an embedded PostgreSQL in `DATA_DIR`; required in production',
    about: 'The database that serves requests.',
  }),
  DATABASE_DIRECT_URL: text('a PostgreSQL URL with a database name', postgresUrl, {
    defaultNote: '`DATABASE_URL`',
    about: 'Past a pooler such as PgBouncer: for migrations and other work that needs a session of its own.',
  }),
  DATABASE_POOL_SIZE: wholeNumber(1, 200, {
    default: '10',
    about: 'Connections to the database, for each replica.',
  }),
  PREPARED_STATEMENTS: oneOf(['on', 'off'], {
    default: 'on',
    about: 'Named statements for the busiest queries; `off` behind PgBouncer before 1.21.',
  }),
  AUTH_SECRET: list('base64url texts, each of 32 or more random bytes', secretBytes, {
    defaultNote: 'outside production: made once, kept in `DATA_DIR`; required in production',
    about: 'The one secret: every key is derived from it. In a list the first makes, every one is accepted.',
  }),
  ISSUER_URL: text('an origin such as https://auth.example.com (in production https, or http on loopback)', origin, {
    defaultNote: '`http://localhost:PORT`; required in production',
    about: 'The address callers know the service by; the `iss` of every token.',
  }),
  AUDIENCE: text('any text', anyText, {
    defaultNote: 'the issuer',
    about: 'The `aud` of every access token.',
  }),
  HOST: text('an address to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The address to listen on; `0.0.0.0` in the image.',
  }),
  PORT: wholeNumber(0, 65535, { default: '3000', about: 'The port to listen on; 0 takes a free one.' }),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 5, {
    defaultNote: '3 in production, else 0',
    about:
      'How long after SIGTERM requests are still accepted while `/health/ready` says 503, for balancers to see it.',
  }),
} as const;
