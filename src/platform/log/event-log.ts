import type { Logger } from 'pino';
import type { Metrics } from '../instruments/metrics.js';
import type { Counter } from '../instruments/series.js';
import { currentRequest } from '../request-context.js';

/** The fields of an event: ids and numbers, but no secrets and no emails. */
export type EventFields = Readonly<Record<string, string | number | boolean | null>>;

/** Logs security events, one line each with the request id (OWASP ASVS 5.0, 16.2.1 and 16.3), and counts them. */
export class EventLog {
  private readonly counter: Counter<'event'>;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter('auth_events_total', 'Logged events by name.', { event: [] });
  }

  record(event: string, fields: EventFields): void {
    this.counter.add({ event });
    this.logger.info(this.line(event, fields), 'event');
  }

  /** For events that an operator should look into. */
  warn(event: string, fields: EventFields): void {
    this.counter.add({ event });
    this.logger.warn(this.line(event, fields), 'event');
  }

  private line(event: string, fields: EventFields): EventFields {
    return { event, requestId: currentRequest()?.requestId ?? null, ...fields };
  }
}
