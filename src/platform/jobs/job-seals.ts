import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../database/database.service.js';
import { SecretRing } from '../secrets/secret-ring.value.js';
import { QUEUE_SCHEMA } from './queue-schema.js';
import { resealData, type SealedData } from './sealed-data.js';

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Also those that are under way, or were given up: they may be taken up again. */
const FIND_OTHERS: Statement = {
  name: 'jobs_find_others',
  text: `
    SELECT name, id, data FROM ${QUEUE_SCHEMA}.job
     WHERE id > $1 AND data->>'secretId' <> $2
     ORDER BY id LIMIT ${BATCH}`,
};

/** A job that was done meanwhile is no more, and nothing happens. */
const RESEAL: Statement = {
  name: 'jobs_reseal',
  text: `UPDATE ${QUEUE_SCHEMA}.job SET data = $3 WHERE name = $1 AND id = $2`,
};

interface OtherJob {
  name: string;
  id: string;
  data: SealedData;
}

/** Under which secret jobs lie in the queue. */
@Injectable()
export class JobSeals {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretRing,
  ) {}

  /** Seals all jobs anew under the first secret. @returns how many, and how many no secret of the list opens: they stay as they are */
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
