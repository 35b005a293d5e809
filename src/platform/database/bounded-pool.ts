import pg from 'pg';
import { databaseMillisLeft } from '../request-context.js';
import { BoundedClient } from './bounded-client.js';

type Callback = Parameters<pg.Pool['connect']>[0];

/**
 * Gives connections with limits, and makes nobody wait for one beyond the deadline of their request. The pool's own limit
 * (`connectionTimeoutMillis`) begins anew with every statement.
 */
export class BoundedPool extends pg.Pool {
  constructor(config?: pg.PoolConfig) {
    super({ ...config, Client: BoundedClient });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    const client = beforeDeadline(super.connect());
    if (!callback) return client;
    client.then(
      (connected) => callback(undefined, connected, (destroy?: boolean | Error) => connected.release(destroy)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
  }
}

/** A connection that comes too late goes back at once. */
function beforeDeadline(coming: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
  const millis = databaseMillisLeft();
  if (millis === Infinity) return coming;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('timeout exceeded when trying to connect'));
      coming.then(
        (client) => client.release(),
        () => undefined,
      );
    }, millis);
    coming.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
