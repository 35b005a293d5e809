import { Injectable } from '@nestjs/common';
import { AuditPagesRepository } from './audit-pages.repository.js';
import { decodePlace, encodePlace } from './page-place.value.js';
import type { EventFilters, ListedEvent } from './page-statement.value.js';

/** The wanted page. */
export interface PageWanted {
  /** The `nextCursor` of the previous page; undefined for the first page. */
  cursor?: string | undefined;
  /** Maximum number of events. */
  limit: number;
}

export interface EventPage {
  events: ListedEvent[];
  /** The cursor of the next page; null on the last one. */
  nextCursor: string | null;
}

/** Reads the audit log in pages, newest first. New events neither shift nor repeat those on later pages. */
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
