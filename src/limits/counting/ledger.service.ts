import { Injectable } from '@nestjs/common';
import { sqlState } from '../../platform/database/trouble.js';
import { EventLog } from '../../platform/log/event-log.js';
import type { Bucket, Level } from '../bucket.value.js';
import { GiveBacks } from './give-backs.service.js';
import { Insurance } from './insurance.service.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import type { ShutBuckets } from './shut-buckets.value.js';

/** Counts for all replicas in the database, and in this process while the database cannot. */
@Injectable()
export class Ledger {
  private countsInMemory = false;

  constructor(
    private readonly rows: RateLimitsRepository,
    private readonly giveBacks: GiveBacks,
    private readonly insurance: Insurance,
    private readonly log: EventLog,
  ) {}

  /** Counts a try on each bucket that is open. The result names the shut ones, too. @param shut buckets remembered as shut */
  async count(buckets: readonly Bucket[], shut: ShutBuckets): Promise<Level[]> {
    try {
      const levels = await this.askDatabase(buckets, shut);
      this.countsInMemory = false;
      return levels;
    } catch (error) {
      if (!this.countsInMemory) this.log.warn('rate_limits_in_memory', { sqlState: sqlState(error) ?? null });
      this.countsInMemory = true;
      return this.insurance.count(buckets);
    }
  }

  /** Takes a try off the count, wherever it was counted. @param emptied the bucket whose whole count is removed */
  takeBack(counted: readonly Level[], emptied?: Bucket): void {
    for (const { bucket, inMemory } of counted) {
      if (inMemory) void this.insurance.giveBack(bucket, bucket === emptied);
    }
    const inDatabase = counted.filter(({ inMemory }) => !inMemory);
    this.giveBacks.add(inDatabase.map(({ bucket }) => ({ key: bucket.key, points: bucket === emptied ? null : 1 })));
  }

  private async askDatabase(buckets: readonly Bucket[], known: ShutBuckets): Promise<Level[]> {
    const counted = await this.rows.count(buckets);
    const now = performance.now();
    const knownMillis = new Map(buckets.map((bucket) => [bucket, known.millisLeft(bucket.key, now)]));
    const unknown = buckets.filter((bucket) => !rowOf(counted, bucket) && !knownMillis.get(bucket));
    const shut = unknown.length > 0 ? await this.rows.findShut(unknown.map(({ key }) => key)) : [];
    return buckets.map((bucket) => {
      const row = rowOf(counted, bucket);
      if (row) return { ...row, bucket, refused: false, inMemory: false };
      // It may have opened since. The caller retries in a second.
      const shutMillis = knownMillis.get(bucket) || (rowOf(shut, bucket)?.shutMillis ?? 1);
      return { bucket, refused: true, inMemory: false, points: bucket.rule.quota, shutMillis, endsMillis: shutMillis };
    });
  }
}

function rowOf<Row extends { key: Buffer }>(rows: readonly Row[], { key }: Bucket): Row | undefined {
  return rows.find((row) => row.key.equals(key));
}
