import { Injectable } from '@nestjs/common';
import { AuditPagesRepository } from './audit-pages.repository.js';
import { decodePlace, encodePlace } from './page-place.value.js';
import type { EventFilters, ListedEvent } from './page-statement.value.js';

/** Which page of the events that fit. */
export interface PageWanted {
  /** What the page before gave; none for the newest. */
  cursor?: string | undefined;
  /** At most so many events. */
  limit: number;
}

export interface EventPage {
  events: ListedEvent[];
  /** Leads to the page after this one; null at the end. */
  nextCursor: string | null;
}

/** Reads the audit log, the newest first: what is written meanwhile neither shifts nor repeats what comes after. */
@Injectable()
export class AuditPages {
  constructor(private readonly pages: AuditPagesRepository) {}

  async find(filters: EventFilters, { cursor, limit }: PageWanted): Promise<EventPage> {
    const place = cursor === undefined ? null : decodePlace(cursor);
    const found = await this.pages.find(filters, place, limit + 1);
    const events = found.slice(0, limit);
    const last = found.length > limit ? events.at(-1) : undefined;
    return { events, nextCursor: last ? encodePlace(last) : null };
  }
}
