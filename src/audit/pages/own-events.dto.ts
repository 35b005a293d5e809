import { ApiProperty } from '@nestjs/swagger';
import type { EventPage } from './audit-pages.service.js';
import { EVENT, NEXT_CURSOR } from './event-fields.dto.js';
import type { ListedEvent } from './page-statement.value.js';

/** What happened to an account, as its owner sees it. */
export class OwnEventResponse {
  @ApiProperty(EVENT.id)
  readonly id: string;

  @ApiProperty(EVENT.type)
  readonly type: string;

  @ApiProperty(EVENT.createdAt)
  readonly createdAt: Date;

  @ApiProperty({
    enum: ['self', 'admin', 'system', 'unknown'],
    description: 'Who caused it. `unknown`: someone who was not logged in, as with a failed login.',
    example: 'self',
  })
  readonly by: 'self' | 'admin' | 'system' | 'unknown';

  @ApiProperty(EVENT.sessionId)
  readonly sessionId: string | null;

  @ApiProperty(EVENT.ip)
  readonly ip: string | null;

  @ApiProperty(EVENT.detail)
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
