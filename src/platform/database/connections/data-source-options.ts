import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { Config } from '../../config/config.js';
import { BoundedPool } from './bounded-pool.js';
import { MIGRATIONS } from '../migrations.js';
import { PostgresNaming } from '../naming.js';
import { SESSION_LIMITS } from './session-limits.js';

const CONNECT_MILLIS = 1_500;

function connection(url: string) {
  return {
    type: 'postgres',
    url,
    namingStrategy: new PostgresNaming(),
    synchronize: false,
    installExtensions: false, // nothing here needs one, and the service's role may not be allowed to
    applicationName: 'auth-service',
  } as const;
}

/** For the connections that serve requests. A pooler refuses start-up parameters: behind it the role carries the limits. */
export function servingOptions(config: Config): DataSourceOptions {
  return {
    ...connection(config.databaseUrl),
    connectTimeoutMS: CONNECT_MILLIS,
    poolSize: config.databasePoolSize,
    driver: { Pool: BoundedPool }, // all that TypeORM asks of the driver; it would look for another one itself
    extra: { keepAlive: true, ...(config.databasePooled ? {} : SESSION_LIMITS) },
  };
}

/** For migrations: one connection without limits, past any pooler. */
export function migratingOptions(directUrl: string): DataSourceOptions {
  return {
    ...connection(directUrl),
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    poolSize: 2,
    driver: { Pool: pg.Pool },
    // The role may carry the limits of serving connections (behind a pooler it must); a migration takes what it takes.
    extra: {
      options: Object.keys(SESSION_LIMITS)
        .map((name) => `-c ${name}=0`)
        .join(' '),
    },
  };
}
