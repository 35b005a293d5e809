import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import { KEPT_SECONDS } from './upkeep/kept.value.js';

/** Each part by its own index, so that a long queue of one kind does not slow the other. */
const FIND: Statement = {
  name: 'signals_find',
  text: `
    SELECT * FROM (
      (SELECT jti, revocation_id::text AS txn, user_id AS "userId", closed_at AS "occurredAt",
              session_id AS "sessionId", reason, NULL AS type
         FROM signals
        WHERE receiver_id = $1 AND closed_at > clock_timestamp() - make_interval(secs => $2)
        ORDER BY closed_at LIMIT $3)
      UNION ALL
      (SELECT jti, event_id::text, user_id, occurred_at, NULL, NULL, type
         FROM account_signals
        WHERE $4 AND receiver_id = $1 AND occurred_at > clock_timestamp() - make_interval(secs => $2)
        ORDER BY occurred_at LIMIT $3)
    ) AS found
     ORDER BY "occurredAt"
     LIMIT $3`,
};

const FIND_RECEIVERS: Statement = {
  name: 'signals_find_receivers',
  text: `
    SELECT id FROM unnest($1::text[]) AS asked (id)
     WHERE EXISTS (SELECT FROM signals
                    WHERE receiver_id = asked.id AND closed_at > clock_timestamp() - make_interval(secs => $3))
    UNION
    SELECT id FROM unnest($2::text[]) AS asked (id)
     WHERE EXISTS (SELECT FROM account_signals
                    WHERE receiver_id = asked.id AND occurred_at > clock_timestamp() - make_interval(secs => $3))`,
};

const DELETE: Statement = {
  name: 'signals_delete',
  text: `
    WITH sessions AS (DELETE FROM signals WHERE jti = ANY ($2::uuid[]) AND receiver_id = $1 RETURNING jti),
         accounts AS (DELETE FROM account_signals WHERE jti = ANY ($2::uuid[]) AND receiver_id = $1 RETURNING jti)
    SELECT jti FROM sessions UNION ALL SELECT jti FROM accounts`,
};

interface Told {
  jti: string;
  /** The same for all receivers. */
  txn: string;
  userId: string;
  occurredAt: Date;
}

/** That a session was closed. */
export interface ClosedSession extends Told {
  type: null;
  sessionId: string;
  /** Unknown where the session was closed past the service, or deleted. */
  reason: string | null;
}

/** That something happened to an account. */
export interface ChangedAccount extends Told {
  /** The last part of the event's type. */
  type: string;
}

/** A signal as it is read. */
export type ReadSignal = ClosedSession | ChangedAccount;

@Injectable()
export class SignalsRepository {
  constructor(private readonly database: Database) {}

  /** @returns those that a receiver has not acknowledged, the oldest first, at most `limit` */
  find(receiverId: string, limit: number, { accounts }: { accounts: boolean }): Promise<ReadSignal[]> {
    return this.database.query(FIND, [receiverId, KEPT_SECONDS, limit, accounts]);
  }

  /**
   * @param accountReceiverIds those of them who are told of accounts, too
   * @returns those of the receivers for whom there is something
   */
  async findReceivers(receiverIds: readonly string[], accountReceiverIds: readonly string[]): Promise<string[]> {
    const values = [receiverIds, accountReceiverIds, KEPT_SECONDS];
    return (await this.database.query<{ id: string }>(FIND_RECEIVERS, values)).map(({ id }) => id);
  }

  /** @param jtis UUIDs; unknown ones and those of other receivers are ignored. @returns the deleted ones */
  async delete(receiverId: string, jtis: readonly string[]): Promise<string[]> {
    return (await this.database.query<{ jti: string }>(DELETE, [receiverId, jtis])).map(({ jti }) => jti);
  }
}
