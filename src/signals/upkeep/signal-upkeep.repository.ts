import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { KEPT_SECONDS } from './kept.value.js';

/** A receiver that no replica's settings have named for so long is one no more: a day, for replicas change one by one. */
const FORGOTTEN_SECONDS = 86_400;

/** Any number of this service's own: whoever holds this advisory lock clears out. */
const CLEARING_LOCK = 7_265_110;

/** In the order of their ids: two replicas that start at once must not wait for each other. */
const KEEP_RECEIVERS: Statement = {
  name: 'signal_receivers_keep',
  text: `
    INSERT INTO signal_receivers AS known (id, account_events_at)
    SELECT DISTINCT id, CASE WHEN id = ANY ($2::text[]) THEN now() END FROM unnest($1::text[]) AS id ORDER BY id
    ON CONFLICT (id) DO UPDATE
       SET configured_at = now(), account_events_at = coalesce(excluded.account_events_at, known.account_events_at)`,
};

const DELETE_RECEIVERS: Statement = {
  name: 'signal_receivers_delete',
  text: `DELETE FROM signal_receivers WHERE configured_at < now() - make_interval(secs => $1)`,
};

const END_ACCOUNT_EVENTS: Statement = {
  name: 'signal_receivers_end_account_events',
  text: `
    UPDATE signal_receivers SET account_events_at = NULL
     WHERE account_events_at < now() - make_interval(secs => $1)`,
};

const deleteOld = (table: string, time: string): Statement => ({
  name: `${table}_delete_old`,
  text: `
    WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock($1) AS held),
         old AS MATERIALIZED (
           SELECT jti FROM ${table}
            WHERE ${time} <= clock_timestamp() - make_interval(secs => $2) ORDER BY ${time} LIMIT $3)
    DELETE FROM ${table} s USING lock, old WHERE lock.held AND s.jti = old.jti
    RETURNING s.jti`,
});
const DELETE_OLD = [deleteOld('signals', 'closed_at'), deleteOld('account_signals', 'occurred_at')];

/** For whom signals are kept, and for how long. */
@Injectable()
export class SignalUpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Has the triggers keep signals for these receivers, and no longer for those that nobody has named for a day. */
  async keepReceivers(ids: readonly string[], accountReceiverIds: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.database.query(KEEP_RECEIVERS, [ids, accountReceiverIds]);
    await this.database.query(DELETE_RECEIVERS, [FORGOTTEN_SECONDS]);
    await this.database.query(END_ACCOUNT_EVENTS, [FORGOTTEN_SECONDS]);
  }

  /** Deletes up to `limit` of each kind that waited for too long; none while another replica does. @returns how many */
  async deleteOld(limit: number): Promise<number> {
    let count = 0;
    for (const statement of DELETE_OLD) {
      count += (await this.database.query(statement, [CLEARING_LOCK, KEPT_SECONDS, limit])).length;
    }
    return count;
  }
}
