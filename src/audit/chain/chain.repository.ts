import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import * as sql from './chain-sql.repository.js';
import type { ChainLink, SealedContent } from './seal.value.js';

/** The ends of the chain: the event that was deleted last, and the one that was sealed last. */
export interface Chain {
  anchor: ChainLink;
  head: ChainLink;
  /** The number of events that are not sealed yet. */
  unsealed: number;
}

/** A sealed event. */
export type SealedEvent = SealedContent & ChainLink;

type Numbers<Names extends string> = Record<Names, string>;

@Injectable()
export class ChainRepository {
  constructor(private readonly database: Database) {}

  async getChain(): Promise<Chain> {
    type Row = Numbers<'anchorSeq' | 'headSeq' | 'unsealed'> & { anchorDigest: Buffer; headDigest: Buffer };
    const [row] = await this.database.query<Row>(sql.FIND_CHAIN, []);
    if (!row) throw new Error('audit_chain has lost its row');
    return {
      anchor: { seq: Number(row.anchorSeq), digest: row.anchorDigest },
      head: { seq: Number(row.headSeq), digest: row.headDigest },
      unsealed: Number(row.unsealed),
    };
  }

  /** Finds unsealed events, oldest first, and the head that they would continue. @returns null if there are none */
  async findUnsealed(limit: number): Promise<{ head: ChainLink; contents: SealedContent[] } | null> {
    type Row = SealedContent & { headSeq: string; headDigest: Buffer };
    const contents = await this.database.query<Row>(sql.FIND_UNSEALED, [limit]);
    const [first] = contents;
    return first ? { head: { seq: Number(first.headSeq), digest: first.headDigest }, contents } : null;
  }

  /** @param sealed the events that continue `head`, in order @returns how many were sealed: 0 if another replica was faster */
  async seal(head: ChainLink, sealed: readonly { id: string; digest: Buffer }[]): Promise<number> {
    const values = [head.seq, head.digest, sealed.map(({ id }) => id), sealed.map(({ digest }) => digest)];
    return (await this.database.query(sql.SEAL, values)).length;
  }

  async findSealed(afterSeq: number, limit: number): Promise<SealedEvent[]> {
    const rows = await this.database.query<SealedContent & { seq: string; digest: Buffer }>(sql.FIND_SEALED, [
      afterSeq,
      limit,
    ]);
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  /** Deletes events older than `days`. @returns false if there were none */
  async removeOld(days: number, limit: number): Promise<boolean> {
    const moved = await this.database.query(sql.MOVE_ANCHOR, [days, limit]);
    // Also deletes what remained if the service stopped between the two statements.
    await this.database.query(sql.DELETE_BEFORE_ANCHOR, []);
    return moved.length > 0;
  }

  /** Erases the IP addresses of events older than `days`. @returns how many */
  async eraseIps(days: number, limit: number): Promise<number> {
    return (await this.database.query(sql.ERASE_IPS, [days, limit])).length;
  }

  /** Runs `read` on one snapshot of the database. */
  async asOneMoment<Result>(read: () => Promise<Result>): Promise<Result> {
    return this.database.inTransaction(async () => {
      await this.database.query(
        { name: 'audit_one_moment', text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ' },
        [],
      );
      return read();
    });
  }
}
