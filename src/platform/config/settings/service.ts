import { origin, postgresUrl, secretBytes } from '../formats.js';
import { anyText, list, oneOf, text, wholeNumber } from '../setting.js';

/** Settings for the process, the database and the issuer. */
export const SERVICE_SETTINGS = {
  NODE_ENV: oneOf(['production', 'development', 'test'], {
    default: 'development',
    about: 'In `production`, missing or weak settings prevent the start instead of being replaced by local defaults.',
  }),
  DATABASE_URL: text('a PostgreSQL URL with a database name (postgres://user:password@host:port/name)', postgresUrl, {
    defaultNote: 'required in production; otherwise an embedded PostgreSQL in `DATA_DIR`',
    about: 'The database that serves requests.',
  }),
  DATABASE_DIRECT_URL: text('a PostgreSQL URL with a database name', postgresUrl, {
    defaultNote: '`DATABASE_URL`',
    about:
      'A direct connection that bypasses a pooler such as PgBouncer, for migrations and other work that needs its own session.',
  }),
  DATABASE_POOL_SIZE: wholeNumber(1, 200, {
    default: '10',
    about: 'Database connections per replica.',
  }),
  PREPARED_STATEMENTS: oneOf(['on', 'off'], {
    default: 'on',
    about: 'Prepared statements for the busiest queries. Set `off` behind PgBouncer older than 1.21.',
  }),
  AUTH_SECRET: list('base64url strings of 32 or more random bytes each', secretBytes, {
    defaultNote: 'required in production; otherwise generated once and kept in `DATA_DIR`',
    about: 'The secret that all keys are derived from. In a list, the first is used for new data and all are accepted.',
  }),
  ISSUER_URL: text('an origin such as https://auth.example.com (in production https, or http on loopback)', origin, {
    defaultNote: '`http://localhost:PORT`; required in production',
    about: 'The public URL of the service, and the `iss` of every token.',
  }),
  AUDIENCE: text('any text', anyText, {
    defaultNote: 'the issuer',
    about: 'The `aud` of every access token.',
  }),
  HOST: text('an IP address or host name to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The IP address to listen on; `0.0.0.0` in the image.',
  }),
  PORT: wholeNumber(0, 65535, { default: '3000', about: 'The port to listen on. 0: any free port.' }),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 5, {
    defaultNote: '3 in production, otherwise 0',
    about:
      'How long the service still accepts requests after SIGTERM. `/health/ready` answers 503 meanwhile, so that load balancers notice.',
  }),
} as const;
