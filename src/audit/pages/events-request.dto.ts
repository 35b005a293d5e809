import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsUUID, Matches } from 'class-validator';
import { MayBeMissing, Parses } from '../../platform/http/input/validation.js';
import type { PageWanted } from './audit-pages.service.js';
import { decodePlace } from './page-place.value.js';
import type { EventFilters } from './page-statement.value.js';

const DEFAULT_LIMIT = 50;
const EVENT_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const LIMIT = /^([1-9][0-9]?|100)$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$/;

/** @returns the text if it is an existing time in UTC (RFC 3339), else null */
function parseTime(text: string): string | null {
  const time = TIME.test(text) ? new Date(text) : new Date(NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19)) ? text : null;
}

const parseCursor = (text: string): string | null => (decodePlace(text) ? text : null);

function Time(description: string): PropertyDecorator {
  return (target, key) => {
    const format = { format: 'date-time', maxLength: 30, example: '2026-01-31T12:00:00Z' };
    ApiPropertyOptional({ ...format, description })(target, key);
    MayBeMissing()(target, key);
    Parses(parseTime, { code: 'not_a_time', detail: 'Must be a time in UTC, such as 2026-01-31T12:00:00Z.' })(
      target,
      key,
    );
  };
}

function UserId(description: string): PropertyDecorator {
  return (target, key) => {
    const example = '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de';
    ApiPropertyOptional({ format: 'uuid', maxLength: 36, description, example })(target, key);
    MayBeMissing()(target, key);
    IsUUID('all', { context: { detail: 'Must be the id of a user.' } })(target, key);
  };
}

/** Filters and page. */
export class OwnEventsRequest {
  @ApiPropertyOptional({
    pattern: EVENT_NAME.source,
    maxLength: 64,
    description: 'Only events of this type.',
    example: 'login_failed',
  })
  @MayBeMissing()
  @Matches(EVENT_NAME, { context: { code: 'not_an_event_type', detail: 'Must be the name of an event type.' } })
  type?: string;

  @Time('Only events at this time or later.')
  from?: string;

  @Time('Only events before this time.')
  to?: string;

  @ApiPropertyOptional({
    pattern: '^[A-Za-z0-9_-]{30}$',
    maxLength: 30,
    description: 'The `nextCursor` of the previous page. Use the same filters.',
  })
  @MayBeMissing()
  @Parses(parseCursor, { code: 'not_a_cursor', detail: 'Must be the `nextCursor` of the previous page.' })
  cursor?: string;

  @ApiPropertyOptional({
    pattern: LIMIT.source,
    maxLength: 3,
    description: `Events per page, from 1 to 100. Default: ${DEFAULT_LIMIT}.`,
    example: '50',
  })
  @MayBeMissing()
  @Matches(LIMIT, { context: { code: 'not_a_page_size', detail: 'Must be a whole number from 1 to 100.' } })
  limit?: string;
}

export class EventsRequest extends OwnEventsRequest {
  @UserId('Only events caused by this user.')
  actorId?: string;

  @UserId('Only events about this user.')
  subjectId?: string;
}

export function filtersOf({ type, actorId, subjectId, from, to }: EventsRequest): EventFilters {
  const time = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
  return { type, actorId, subjectId, from: time(from), to: time(to) };
}

export function pageOf({ cursor, limit }: OwnEventsRequest): PageWanted {
  return { cursor, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) };
}
