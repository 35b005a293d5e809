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
    installExtensions: false, // none is needed, and the role of the service may not be allowed to
    applicationName: 'auth-service',
  } as const;
}

/**
 * Options of the connections that serve requests. A pooler refuses startup parameters, so behind one the role must have the
 * limits.
 */
export function servingOptions(config: Config): DataSourceOptions {
  return {
    ...connection(config.databaseUrl),
    connectTimeoutMS: CONNECT_MILLIS,
    poolSize: config.databasePoolSize,
    driver: { Pool: BoundedPool }, // the only part that TypeORM uses; without it, it would look for an installed driver
    extra: { keepAlive: true, ...(config.databasePooled ? {} : SESSION_LIMITS) },
  };
}

/** Options for migrations: direct connections, without limits. */
export function migratingOptions(directUrl: string): DataSourceOptions {
  return {
    ...connection(directUrl),
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    poolSize: 2,
    driver: { Pool: pg.Pool },
    // The role may have the limits of serving connections (behind a pooler it must), and a migration may take longer.
    extra: {
      options: Object.keys(SESSION_LIMITS)
        .map((name) => `-c ${name}=0`)
        .join(' '),
    },
  };
}
