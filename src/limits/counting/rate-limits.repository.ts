import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.service.js';
import { type Bucket, LONGEST_DELAY_SECONDS } from '../bucket.value.js';

/** A row that was counted on. */
export interface CountedRow {
  key: Buffer;
  points: number;
  shutMillis: number;
  endsMillis: number;
}

/** The points to take off a bucket; null empties it. */
export interface GivenBack {
  key: Buffer;
  points: number | null;
}

const POINTS = 'CASE WHEN kept.expires_at > now() THEN kept.points + 1 ELSE 1 END';
const EXPIRES_AT = `
  CASE WHEN excluded.delay_seconds = 0 AND kept.expires_at > now() THEN kept.expires_at ELSE excluded.expires_at END`;
const MOST_DOUBLINGS = Math.ceil(Math.log2(LONGEST_DELAY_SECONDS));
const DELAY = `
  least(excluded.delay_seconds * power(2, least(${POINTS} - excluded.quota, ${MOST_DOUBLINGS})), ${LONGEST_DELAY_SECONDS})`;
const MILLIS_UNTIL = (time: string): string => `greatest(ceil(extract(epoch FROM ${time} - now()) * 1000), 0)::float8`;

/**
 * Counts one try on each bucket, in one statement. A shut bucket is not changed and returns no row. Concurrent statements wait
 * for the row lock and then see the current state. Sorted by key, so that they cannot deadlock.
 */
const COUNT: Statement = {
  name: 'rate_limits_count',
  text: `
    INSERT INTO rate_limits AS kept (key, points, quota, delay_seconds, expires_at)
    SELECT key, 1, quota, delay_seconds, now() + window_seconds * interval '1 second'
      FROM unnest($1::bytea[], $2::int[], $3::int[], $4::int[]) AS asked (key, quota, delay_seconds, window_seconds)
     ORDER BY key
    ON CONFLICT (key) DO UPDATE
       SET points = ${POINTS},
           quota = excluded.quota,
           delay_seconds = excluded.delay_seconds,
           expires_at = ${EXPIRES_AT},
           shut_until = CASE WHEN ${POINTS} < excluded.quota THEN NULL
                             WHEN excluded.delay_seconds = 0 THEN ${EXPIRES_AT}
                             ELSE now() + ${DELAY} * interval '1 second' END
     WHERE kept.shut_until IS NULL OR kept.shut_until <= now()
    RETURNING key, points, ${MILLIS_UNTIL('expires_at')} AS "endsMillis",
              coalesce(${MILLIS_UNTIL('shut_until')}, 0) AS "shutMillis"`,
};

const FIND_SHUT: Statement = {
  name: 'rate_limits_find_shut',
  text: `
    SELECT key, ${MILLIS_UNTIL('shut_until')} AS "shutMillis"
      FROM rate_limits WHERE key = ANY($1::bytea[]) AND shut_until > now()`,
};

/** May reopen the bucket: a try that is given back was counted, so the bucket was not shut before it. */
const GIVE_BACK: Statement = {
  name: 'rate_limits_give_back',
  text: `
    WITH given AS (
      SELECT key, CASE WHEN bool_or(points IS NULL) THEN NULL ELSE sum(points) END AS points
        FROM unnest($1::bytea[], $2::int[]) AS given (key, points) GROUP BY key
    ), locked AS MATERIALIZED (
      SELECT kept.key, given.points FROM rate_limits kept JOIN given ON given.key = kept.key
       ORDER BY kept.key FOR UPDATE OF kept
    )
    UPDATE rate_limits kept
       SET points = greatest(kept.points - coalesce(locked.points, kept.points), 0), shut_until = NULL
      FROM locked WHERE kept.key = locked.key`,
};

const DELETE_EXPIRED: Statement = {
  name: 'rate_limits_delete_expired',
  text: `
    DELETE FROM rate_limits WHERE key IN (
      SELECT key FROM rate_limits WHERE expires_at <= now() AND coalesce(shut_until <= now(), true)
       LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING key`,
};

@Injectable()
export class RateLimitsRepository {
  constructor(private readonly database: Database) {}

  /** @param buckets with distinct keys, and quotas of 2 or more. @returns those that were not shut */
  count(buckets: readonly Bucket[]): Promise<CountedRow[]> {
    const rules = buckets.map(({ rule }) => rule);
    return this.database.query<CountedRow & Record<string, unknown>>(COUNT, [
      buckets.map(({ key }) => key),
      rules.map(({ quota }) => quota),
      rules.map(({ delaySeconds }) => delaySeconds),
      rules.map(({ windowSeconds }) => windowSeconds),
    ]);
  }

  findShut(keys: readonly Buffer[]): Promise<Pick<CountedRow, 'key' | 'shutMillis'>[]> {
    return this.database.query<CountedRow & Record<string, unknown>>(FIND_SHUT, [keys]);
  }

  async giveBack(given: readonly GivenBack[]): Promise<void> {
    await this.database.query(GIVE_BACK, [given.map(({ key }) => key), given.map(({ points }) => points)]);
  }

  /** @returns how many were deleted, at most `limit` */
  async deleteExpired(limit: number): Promise<number> {
    return (await this.database.query(DELETE_EXPIRED, [limit])).length;
  }
}
