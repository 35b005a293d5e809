import { Injectable } from '@nestjs/common';
import { RevokedSessions, sessionDigest } from '@auth-service/guard';
import { Database } from '../platform/database/database.service.js';
import { Metrics } from '../platform/instruments/metrics.js';
import type { Counter } from '../platform/instruments/series.js';

/** What comes of a change once it is committed: it is counted, and this replica refuses the tokens of what was closed. */
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

  /** Spares this replica the wait for the feed, which tells all of them what the database has closed. */
  closed(sessions: readonly { id: string }[]): void {
    this.database.afterCommit(() => {
      this.counter.add({ change: 'closed' }, sessions.length);
      for (const { id } of sessions) this.revoked.add(sessionDigest(id), performance.now());
    });
  }
}
