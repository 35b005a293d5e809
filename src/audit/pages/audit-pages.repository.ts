import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { PagePlace } from './page-place.value.js';
import { type EventFilters, type ListedEvent, pageStatement } from './page-statement.value.js';

@Injectable()
export class AuditPagesRepository {
  constructor(private readonly database: Database) {}

  find(filters: EventFilters, place: PagePlace | null, limit: number): Promise<ListedEvent[]> {
    const { values, ...statement } = pageStatement(filters, place, limit);
    return this.database.query(statement, values);
  }
}
