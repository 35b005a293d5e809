import type { Statement } from '../platform/database/database.service.js';

export const FIND_ALL: Statement = {
  name: 'signing_keys_find',
  text: `
    SELECT kid, public_jwk AS "publicJwk", secret_id AS "secretId", sealed, created_at AS "createdAt",
           activated_at AS "activatedAt", retired_at AS "retiredAt", clock_timestamp() AS "readAt"
      FROM signing_keys
     ORDER BY created_at, kid`,
};

/** A separate statement, so that the next one sees what the previous holder of the lock has committed. */
export const LOCK: Statement = { name: 'signing_keys_lock', text: 'SELECT pg_advisory_xact_lock($1)' };

export const TRY_LOCK: Statement = {
  name: 'signing_keys_try_lock',
  text: 'SELECT pg_try_advisory_xact_lock($1) AS locked',
};

export const INSERT: Statement = {
  name: 'signing_key_insert',
  text: `
    INSERT INTO signing_keys (kid, public_jwk, secret_id, sealed, created_at)
    VALUES ($1, $2, $3, $4, clock_timestamp())`,
};

export const RETIRE_OTHERS: Statement = {
  name: 'signing_keys_retire',
  text: `
    UPDATE signing_keys SET retired_at = clock_timestamp()
     WHERE kid <> $1 AND activated_at IS NOT NULL AND retired_at IS NULL`,
};

export const ACTIVATE: Statement = {
  name: 'signing_key_activate',
  text: 'UPDATE signing_keys SET activated_at = clock_timestamp() WHERE kid = $1 AND activated_at IS NULL',
};

export const DELETE: Statement = {
  name: 'signing_keys_delete',
  text: 'DELETE FROM signing_keys WHERE kid = ANY ($1)',
};

export const RESEAL: Statement = {
  name: 'signing_key_reseal',
  text: 'UPDATE signing_keys SET secret_id = $3, sealed = $4 WHERE kid = $1 AND secret_id = $2 RETURNING kid',
};

/** PostgreSQL sends it after the commit, and only once per transaction. */
export const NOTIFY: Statement = { name: 'signing_keys_notify', text: `SELECT pg_notify($1, '')` };
