import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../database/database.service.js';
import { SecretRing } from '../secrets/secret-ring.value.js';
import { QUEUE_SCHEMA } from './queue-schema.js';
import { resealData, type SealedData } from './sealed-data.js';

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Includes jobs in progress and jobs that were given up, because they may be retried. */
const FIND_OTHERS: Statement = {
  name: 'jobs_find_others',
  text: `
    SELECT name, id, data FROM ${QUEUE_SCHEMA}.job
     WHERE id > $1 AND data->>'secretId' <> $2
     ORDER BY id LIMIT ${BATCH}`,
};

/** Affects no row if the job was finished meanwhile. */
const RESEAL: Statement = {
  name: 'jobs_reseal',
  text: `UPDATE ${QUEUE_SCHEMA}.job SET data = $3 WHERE name = $1 AND id = $2`,
};

interface OtherJob {
  name: string;
  id: string;
  data: SealedData;
}

/** Re-encrypts queued jobs after the secret has changed. */
@Injectable()
export class JobSeals {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretRing,
  ) {}

  /**
   * Encrypts all jobs with the first secret. @returns how many were re-encrypted, and how many were left because none of the
   * secrets decrypts them
   */
  async rewrap(): Promise<{ sealed: number; left: number }> {
    const done = { sealed: 0, left: 0 };
    let last = BEFORE_ALL;
    for (;;) {
      const others = await this.database.query<OtherJob>(FIND_OTHERS, [last, this.secrets.current.id]);
      for (const job of others) done[(await this.reseal(job)) ? 'sealed' : 'left'] += 1;
      if (others.length < BATCH) return done;
      last = others.at(-1)!.id;
    }
  }

  private async reseal({ name, id, data }: OtherJob): Promise<boolean> {
    if (!this.secrets.find(data.secretId)) return false;
    await this.database.query(RESEAL, [name, id, resealData(this.secrets, id, data)]);
    return true;
  }
}
