import { Injectable } from '@nestjs/common';
import { REVOCATION_SECONDS } from '@auth-service/guard';
import { Database, type Statement } from '../platform/database/database.service.js';

/** Advisory lock of the clean-up. The number only has to be unique within the database. */
const CLEARING_LOCK = 7_265_104;

const FIND: Statement = {
  name: 'revocations_find',
  text: `
    SELECT id, digest, extract(epoch FROM clock_timestamp() - closed_at)::float8 AS "ageSeconds"
      FROM revocations
     WHERE (id > $1 OR id = ANY ($2::bigint[])) AND closed_at > clock_timestamp() - make_interval(secs => $3)
     ORDER BY id
     LIMIT $4`,
};

/** Looks at the oldest rows only, in the order of ids, whether they can be deleted or not. */
const DELETE_DEAD: Statement = {
  name: 'revocations_delete_dead',
  text: `
    WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock($1) AS held),
         oldest AS MATERIALIZED (SELECT id, closed_at FROM revocations ORDER BY id LIMIT $3)
    DELETE FROM revocations r
     USING lock, oldest
     WHERE lock.held AND r.id = oldest.id AND oldest.closed_at <= clock_timestamp() - make_interval(secs => $2)
    RETURNING r.id`,
};

export interface ReadRevocation {
  id: number;
  digest: string;
  ageSeconds: number;
}

@Injectable()
export class RevocationsRepository {
  constructor(private readonly database: Database) {}

  /**
   * @returns entries that valid access tokens may need, in the order of ids: those after `afterId`, or among `ids`; at most
   * `limit`
   */
  async find(afterId: number, ids: readonly number[], limit: number): Promise<ReadRevocation[]> {
    const values = [afterId, ids, REVOCATION_SECONDS, limit];
    const rows = await this.database.query<{ id: string; digest: Buffer; ageSeconds: number }>(FIND, values);
    return rows.map(({ id, digest, ageSeconds }) => ({
      id: Number(id),
      digest: digest.toString('base64url'),
      ageSeconds,
    }));
  }

  /**
   * Deletes those among the `limit` oldest entries that no valid access token needs. Does nothing while another replica does it.
   * @returns how many
   */
  async deleteDead(limit: number): Promise<number> {
    return (await this.database.query(DELETE_DEAD, [CLEARING_LOCK, REVOCATION_SECONDS, limit])).length;
  }
}
