import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import * as sql from './chain-sql.repository.js';
import type { ChainLink, SealedContent } from './seal.value.js';

/** The first and the last link: the event that was removed last, and the one that was sealed last. */
export interface Chain {
  anchor: ChainLink;
  head: ChainLink;
  /** How many events wait for their seal. */
  unsealed: number;
}

/** An event with the link that it was given. */
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

  /** Some that have no seal yet, oldest first, and the head that they would continue. @returns null if there is none */
  async findUnsealed(limit: number): Promise<{ head: ChainLink; contents: SealedContent[] } | null> {
    type Row = SealedContent & { headSeq: string; headDigest: Buffer };
    const contents = await this.database.query<Row>(sql.FIND_UNSEALED, [limit]);
    const [first] = contents;
    return first ? { head: { seq: Number(first.headSeq), digest: first.headDigest }, contents } : null;
  }

  /** @param sealed continue `head`, in their order @returns how many were sealed: none if another one has continued it */
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

  /** Removes some of those that are older than so many days. @returns false when there is none */
  async removeOld(days: number, limit: number): Promise<boolean> {
    const moved = await this.database.query(sql.MOVE_ANCHOR, [days, limit]);
    // Also what was left when the service ended between the two.
    await this.database.query(sql.DELETE_BEFORE_ANCHOR, []);
    return moved.length > 0;
  }

  /** @returns how many, of events older than so many days */
  async eraseIps(days: number, limit: number): Promise<number> {
    return (await this.database.query(sql.ERASE_IPS, [days, limit])).length;
  }

  /** What `read` sees is all of one moment. */
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
