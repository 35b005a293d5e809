import { Injectable } from '@nestjs/common';
import { auditValues } from '../../audit/audited.value.js';
import { Database } from '../../platform/database/database.service.js';
import { Metrics } from '../../platform/instruments/metrics.js';
import type { Counter } from '../../platform/instruments/series.js';
import { currentRequest } from '../../platform/request-context.js';
import { SessionChanges } from '../session-changes.repository.js';
import { JUDGE, ROTATE } from './refresh-sql.repository.js';
import { type LiveSession, type NextToken, type PresentedToken, Rotations } from './rotations.repository.js';

/** How the second look at a refresh token ended. */
export interface Verdict extends LiveSession {
  /** The user's language of mails. */
  locale: string | null;
  /** The token is the parent of the live one, used again within the window: give the same successor. */
  replayed: boolean;
  /** The token had been used up: this look has closed the session. */
  closedNow: boolean;
}

/** What refresh tokens do to their sessions: the database decides races, and what came back tells how. */
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
   * Replaces the live token, together with others or else alone.
   * @returns null when the one presented is not the live token of an open session
   */
  async rotate(presented: PresentedToken, next: NextToken): Promise<LiveSession | null> {
    const rotated = (await this.rotations.rotate(presented, next)) ?? (await this.rotateAlone(presented, next));
    if (rotated) this.outcomes.add({ outcome: 'rotated' });
    return rotated;
  }

  /** Decides about a token that `rotate` did not take, and closes the session if it was used up. @returns null if unknown */
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
