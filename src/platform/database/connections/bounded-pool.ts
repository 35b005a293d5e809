import pg from 'pg';
import { BoundedClient } from './bounded-client.js';
import { beforeDeadline } from '../deadline.js';

type Callback = Parameters<pg.Pool['connect']>[0];

/**
 * A pool that nobody waits for beyond the deadline of their request. The limit of pg's own pool (`connectionTimeoutMillis`)
 * starts again with every statement.
 */
export class BoundedPool extends pg.Pool {
  constructor(config?: pg.PoolConfig) {
    super({ ...config, Client: BoundedClient });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    const coming = super.connect();
    const giveBack = (): void => void coming.then((late) => late.release()).catch(() => undefined);
    const client = beforeDeadline(coming, giveBack);
    if (!callback) return client;
    client.then(
      (connected) => callback(undefined, connected, (destroy?: boolean | Error) => connected.release(destroy)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
  }
}
