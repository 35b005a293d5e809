import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';

/** For so long a signal waits to be acknowledged: 7 days. */
const KEPT_SECONDS = 604_800;
/** A receiver that no replica's settings have named for so long is one no more: a day, for replicas change one by one. */
const FORGOTTEN_SECONDS = 86_400;

/** Any number of this service's own: whoever holds this advisory lock clears out. */
const CLEARING_LOCK = 7_265_110;

const FIND: Statement = {
  name: 'signals_find',
  text: `
    SELECT jti, revocation_id AS "revocationId", session_id AS "sessionId", user_id AS "userId", reason,
           closed_at AS "closedAt"
      FROM signals
     WHERE receiver_id = $1 AND closed_at > clock_timestamp() - make_interval(secs => $2)
     ORDER BY closed_at
     LIMIT $3`,
};

const FIND_RECEIVERS: Statement = {
  name: 'signals_find_receivers',
  text: `
    SELECT id FROM unnest($1::text[]) AS asked (id)
     WHERE EXISTS (SELECT FROM signals
                    WHERE receiver_id = asked.id AND closed_at > clock_timestamp() - make_interval(secs => $2))`,
};

const DELETE: Statement = {
  name: 'signals_delete',
  text: `DELETE FROM signals WHERE jti = ANY ($2::uuid[]) AND receiver_id = $1 RETURNING jti`,
};

/** In the order of their ids: two replicas that start at once must not wait for each other. */
const KEEP_RECEIVERS: Statement = {
  name: 'signal_receivers_keep',
  text: `
    INSERT INTO signal_receivers (id) SELECT DISTINCT id FROM unnest($1::text[]) AS id ORDER BY id
    ON CONFLICT (id) DO UPDATE SET configured_at = now()`,
};

const DELETE_RECEIVERS: Statement = {
  name: 'signal_receivers_delete',
  text: `DELETE FROM signal_receivers WHERE configured_at < now() - make_interval(secs => $1)`,
};

const DELETE_OLD: Statement = {
  name: 'signals_delete_old',
  text: `
    WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock($1) AS held),
         old AS MATERIALIZED (
           SELECT jti FROM signals
            WHERE closed_at <= clock_timestamp() - make_interval(secs => $2) ORDER BY closed_at LIMIT $3)
    DELETE FROM signals s USING lock, old WHERE lock.held AND s.jti = old.jti
    RETURNING s.jti`,
};

/** A signal as it is read. */
export interface ReadSignal {
  jti: string;
  revocationId: string;
  sessionId: string;
  userId: string;
  reason: string | null;
  closedAt: Date;
}

@Injectable()
export class SignalsRepository {
  constructor(private readonly database: Database) {}

  /** @returns those that a receiver has not acknowledged, the oldest first, at most `limit` */
  find(receiverId: string, limit: number): Promise<ReadSignal[]> {
    return this.database.query(FIND, [receiverId, KEPT_SECONDS, limit]);
  }

  /** @returns those of the receivers for whom there is something */
  async findReceivers(receiverIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(FIND_RECEIVERS, [receiverIds, KEPT_SECONDS]);
    return rows.map(({ id }) => id);
  }

  /** @param jtis UUIDs; unknown ones, and those of other receivers, do nothing. @returns those that were there */
  async delete(receiverId: string, jtis: readonly string[]): Promise<string[]> {
    return (await this.database.query<{ jti: string }>(DELETE, [receiverId, jtis])).map(({ jti }) => jti);
  }

  /** Has the trigger keep signals for these receivers, and no longer for those that nobody has named for a day. */
  async keepReceivers(receiverIds: readonly string[]): Promise<void> {
    if (receiverIds.length > 0) await this.database.query(KEEP_RECEIVERS, [receiverIds]);
    await this.database.query(DELETE_RECEIVERS, [FORGOTTEN_SECONDS]);
  }

  /** Deletes up to `limit` that waited for too long; none while another replica does. @returns how many */
  async deleteOld(limit: number): Promise<number> {
    return (await this.database.query(DELETE_OLD, [CLEARING_LOCK, KEPT_SECONDS, limit])).length;
  }
}
