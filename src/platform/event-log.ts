import type { Logger } from 'pino';
import { currentRequest } from './request-context.js';

/** What happened, with ids and no secret, no email: fields for a machine to count and a person to trace. */
export type EventFields = Readonly<Record<string, string | number | boolean | null>>;

/** Security events: one line each, tied to its request (OWASP ASVS 5.0, 16.2.1 and 16.3). */
export class EventLog {
  constructor(private readonly logger: Logger) {}

  record(event: string, fields: EventFields): void {
    this.logger.info(this.line(event, fields), 'event');
  }

  /** For what an operator should look into. */
  warn(event: string, fields: EventFields): void {
    this.logger.warn(this.line(event, fields), 'event');
  }

  private line(event: string, fields: EventFields): EventFields {
    return { event, requestId: currentRequest()?.requestId ?? null, ...fields };
  }
}
