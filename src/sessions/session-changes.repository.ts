import { Injectable } from '@nestjs/common';
import { RevokedSessions, sessionDigest } from '@auth-service/guard';
import { Database } from '../platform/database/database.service.js';
import { Metrics } from '../platform/instruments/metrics.js';
import type { Counter } from '../platform/instruments/series.js';

/** Effects of committed changes: metrics, and the access tokens of closed sessions are refused by this replica. */
@Injectable()
export class SessionChanges {
  private readonly counter: Counter<'change'>;

  constructor(
    private readonly database: Database,
    private readonly revoked: RevokedSessions,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter('auth_sessions_total', 'Sessions opened and closed by this replica.', {
      change: ['opened', 'closed'],
    });
  }

  opened(): void {
    this.database.afterCommit(() => this.counter.add({ change: 'opened' }));
  }

  /** Takes effect in this replica at once. The revocation feed tells all replicas shortly after. */
  closed(sessions: readonly { id: string }[]): void {
    this.database.afterCommit(() => {
      this.counter.add({ change: 'closed' }, sessions.length);
      for (const { id } of sessions) this.revoked.add(sessionDigest(id), performance.now());
    });
  }
}
