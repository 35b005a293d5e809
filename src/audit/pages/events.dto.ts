import { ApiProperty } from '@nestjs/swagger';
import type { EventPage } from './audit-pages.service.js';
import { EVENT, ID_OR_NULL, NEXT_CURSOR } from './event-fields.dto.js';
import type { ListedEvent } from './page-statement.value.js';

/** What happened, in full. */
export class EventResponse {
  @ApiProperty(EVENT.id)
  readonly id: string;

  @ApiProperty(EVENT.type)
  readonly type: string;

  @ApiProperty(EVENT.createdAt)
  readonly createdAt: Date;

  @ApiProperty({ ...ID_OR_NULL, description: 'The user who caused it. Null if nobody was logged in.' })
  readonly actorId: string | null;

  @ApiProperty({ ...ID_OR_NULL, description: 'The user that the event is about. The account may no longer exist.' })
  readonly subjectId: string | null;

  @ApiProperty(EVENT.sessionId)
  readonly sessionId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 64,
    description: 'The id of the request in the log of the service.',
    example: 'c0ffee00-1234-4abc-8def-0123456789ab',
  })
  readonly requestId: string | null;

  @ApiProperty(EVENT.ip)
  readonly ip: string | null;

  @ApiProperty(EVENT.detail)
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
