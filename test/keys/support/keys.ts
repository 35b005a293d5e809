import type { TestDatabase } from '../../support/database/database.js';
import type { Client } from '../../support/http/client.js';
import { until } from '../../support/time/until.js';

/** Moves every signing key into the past, as if this time had gone by since. */
export async function letPass(database: Pick<TestDatabase, 'query'>, interval: string): Promise<void> {
  await database.query(
    `UPDATE signing_keys SET created_at = created_at - $1::interval, activated_at = activated_at - $1::interval,
            retired_at = retired_at - $1::interval`,
    [interval],
  );
}

/** Tells every replica to look at the keys now. */
export async function wake(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query(`SELECT pg_notify('signing_keys', '')`);
}

export interface KeyRow {
  kid: string;
  state: 'standby' | 'signing' | 'retired';
}

/** Oldest first. */
export function keysIn(database: Pick<TestDatabase, 'query'>): Promise<KeyRow[]> {
  return database.query<KeyRow & Record<string, unknown>>(
    `SELECT kid, CASE WHEN activated_at IS NULL THEN 'standby' WHEN retired_at IS NULL THEN 'signing' ELSE 'retired' END AS state
       FROM signing_keys ORDER BY created_at, kid`,
  );
}

export async function kidOf(database: Pick<TestDatabase, 'query'>, state: KeyRow['state']): Promise<string> {
  const found = (await keysIn(database)).find((key) => key.state === state);
  if (!found) throw new Error(`no key is ${state}`);
  return found.kid;
}

export async function publishedBy(client: Client): Promise<string[]> {
  const { keys } = (await client.get('/.well-known/jwks.json')).body as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}

/** The id of the key that signed a token. */
export function signerOf(accessToken: string): string {
  const header = Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid: string }).kid;
}

/** Waits until a replica publishes just what the database holds. */
export async function untilFollowed(client: Client, database: Pick<TestDatabase, 'query'>): Promise<void> {
  await until(async () => {
    const wanted = (await keysIn(database)).map(({ kid }) => kid);
    return (await publishedBy(client)).join() === wanted.join();
  });
}
