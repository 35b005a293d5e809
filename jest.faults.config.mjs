import config from './jest.config.mjs';

const { globalSetup, globalTeardown, ...rest } = config;

/**
 * For `npm run test:faults`: three built replicas on a PostgreSQL that is stopped, frozen and filled, behind a real balancer and a real
 * pooler (HAPROXY and PGBOUNCER, or where Debian has them). Each file starts its own, so the server that all other specs share is not needed.
 */
export default { ...rest, testMatch: ['<rootDir>/test/faults/*.faults.ts'], maxWorkers: 1 };
