import { ApiProperty } from '@nestjs/swagger';
import type { EventPage } from './audit-pages.service.js';
import type { ListedEvent } from './page-statement.value.js';

const ID = { type: String, format: 'uuid', nullable: true, example: '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de' } as const;

/** What happened to an account, as its owner sees it. */
export class OwnEventResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40' })
  readonly id: string;

  @ApiProperty({ maxLength: 64, description: 'What happened. New types may be added.', example: 'session_closed' })
  readonly type: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: Date;

  @ApiProperty({
    enum: ['self', 'admin', 'system', 'unknown'],
    description: 'Who caused it. `unknown`: someone who was not logged in, as with a failed login.',
    example: 'self',
  })
  readonly by: 'self' | 'admin' | 'system' | 'unknown';

  @ApiProperty({ ...ID, description: 'The session that the event is about, if any.' })
  readonly sessionId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 45,
    description: 'The IP address that the request came from.',
    example: '203.0.113.7',
  })
  readonly ip: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Further details; they depend on the type.',
    example: { reason: 'logout' },
  })
  readonly detail: ListedEvent['detail'];

  /** @param ownId whose list it is: nobody else's id is in it */
  constructor(event: ListedEvent, ownId: string) {
    this.id = event.id;
    this.type = event.type;
    this.createdAt = event.createdAt;
    this.by = actorFor(event, ownId);
    this.sessionId = event.sessionId;
    this.ip = this.by === 'admin' ? null : event.ip;
    this.detail = event.detail;
  }
}

function actorFor({ actorId, requestId }: ListedEvent, ownId: string): OwnEventResponse['by'] {
  if (actorId !== null) return actorId === ownId ? 'self' : 'admin';
  return requestId === null ? 'system' : 'unknown';
}

/** What happened, in full. */
export class EventResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40' })
  readonly id: string;

  @ApiProperty({ maxLength: 64, description: 'What happened. New types may be added.', example: 'session_closed' })
  readonly type: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: Date;

  @ApiProperty({ ...ID, description: 'The user who caused it. Null if nobody was logged in.' })
  readonly actorId: string | null;

  @ApiProperty({ ...ID, description: 'The user that the event is about. The account may no longer exist.' })
  readonly subjectId: string | null;

  @ApiProperty({ ...ID, description: 'The session that the event is about, if any.' })
  readonly sessionId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 64,
    description: 'The id of the request in the log of the service.',
    example: 'c0ffee00-1234-4abc-8def-0123456789ab',
  })
  readonly requestId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 45,
    description: 'The IP address that the request came from.',
    example: '203.0.113.7',
  })
  readonly ip: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Further details; they depend on the type.',
    example: { reason: 'logout' },
  })
  readonly detail: ListedEvent['detail'];

  constructor(event: ListedEvent) {
    this.id = event.id;
    this.type = event.type;
    this.createdAt = event.createdAt;
    this.actorId = event.actorId;
    this.subjectId = event.subjectId;
    this.sessionId = event.sessionId;
    this.requestId = event.requestId;
    this.ip = event.ip;
    this.detail = event.detail;
  }
}

const NEXT_CURSOR = {
  type: String,
  nullable: true,
  maxLength: 30,
  description: 'Send it as `cursor` to get the next page. Null on the last page.',
  example: 'AZwT6ggAAZq1pJoBfQ-PQ2ocHS4_QA',
} as const;

export class OwnEventListResponse {
  @ApiProperty({ type: [OwnEventResponse], maxItems: 100 })
  readonly items: readonly OwnEventResponse[];

  @ApiProperty(NEXT_CURSOR)
  readonly nextCursor: string | null;

  constructor({ events, nextCursor }: EventPage, ownId: string) {
    this.items = events.map((event) => new OwnEventResponse(event, ownId));
    this.nextCursor = nextCursor;
  }
}

export class EventListResponse {
  @ApiProperty({ type: [EventResponse], maxItems: 100 })
  readonly items: readonly EventResponse[];

  @ApiProperty(NEXT_CURSOR)
  readonly nextCursor: string | null;

  constructor({ events, nextCursor }: EventPage) {
    this.items = events.map((event) => new EventResponse(event));
    this.nextCursor = nextCursor;
  }
}
