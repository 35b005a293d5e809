import { Injectable } from '@nestjs/common';
import { auditValues } from '../../audit/audited.value.js';
import { Database } from '../../platform/database/database.service.js';
import { Metrics } from '../../platform/instruments/metrics.js';
import type { Counter } from '../../platform/instruments/series.js';
import { currentRequest } from '../../platform/request-context.js';
import { SessionChanges } from '../session-changes.repository.js';
import { JUDGE, ROTATE } from './refresh-sql.repository.js';
import { type LiveSession, type NextToken, type PresentedToken, Rotations } from './rotations.repository.js';

/** The result of `judge`. */
export interface Verdict extends LiveSession {
  /** The user's language of emails. */
  locale: string | null;
  /** The token is the parent of the live one, used again within the reuse window: it gets the same successor. */
  replayed: boolean;
  /** The token had been used before, and `judge` has closed the session. */
  closedNow: boolean;
}

/** Applies refresh tokens to their sessions. The database decides races, and the returned rows tell the result. */
@Injectable()
export class RefreshesRepository {
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly rotations: Rotations,
    private readonly changes: SessionChanges,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('auth_refreshes_total', 'Genuine refresh tokens received, by outcome.', {
      outcome: ['rotated', 'replayed', 'reused', 'refused'],
    });
  }

  /**
   * Replaces the live token, in one statement with others if possible, otherwise alone.
   * @returns null if the presented token is not the live token of an open session
   */
  async rotate(presented: PresentedToken, next: NextToken): Promise<LiveSession | null> {
    const rotated = (await this.rotations.rotate(presented, next)) ?? (await this.rotateAlone(presented, next));
    if (rotated) this.outcomes.add({ outcome: 'rotated' });
    return rotated;
  }

  /**
   * Judges a token that `rotate` did not accept, and closes the session if the token was used before. @returns null if the
   * session is unknown
   */
  async judge(
    { sessionId, generation, nonce }: PresentedToken,
    limits: { idleSeconds: number; reuseSeconds: number },
  ): Promise<Verdict | null> {
    const values = [sessionId, generation, nonce, limits.idleSeconds, limits.reuseSeconds];
    const [found] = await this.database.query<Verdict>(JUDGE, [...values, ...auditValues(currentRequest())]);
    const verdict = found ?? null;
    this.database.afterCommit(() => this.outcomes.add({ outcome: outcomeOf(verdict) }));
    if (verdict?.closedNow) this.changes.closed([verdict]);
    return verdict;
  }

  private async rotateAlone(
    { sessionId, generation, nonce }: PresentedToken,
    next: NextToken,
  ): Promise<LiveSession | null> {
    const values = [sessionId, generation, nonce, next.nonce, next.macKeyId, next.idleSeconds];
    const [rotated] = await this.database.query<LiveSession>(ROTATE, values);
    return rotated ?? null;
  }
}

function outcomeOf(verdict: Verdict | null): 'replayed' | 'reused' | 'refused' {
  if (verdict?.replayed) return 'replayed';
  return verdict?.closedNow ? 'reused' : 'refused';
}
