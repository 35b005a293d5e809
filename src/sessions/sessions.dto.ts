import { ApiProperty } from '@nestjs/swagger';
import { MayBeMissing, OneOf } from '../platform/http/input/validation.js';
import type { ListedSession } from './session.entity.js';

/** An open session of the user. */
export class SessionResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40' })
  readonly id: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly createdAt: Date;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:10:00.000Z' })
  readonly lastUsedAt: Date;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the session expires if it is not used again.',
    example: '2026-02-07T12:10:00.000Z',
  })
  readonly expiresAt: Date;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The IP address that the login came from.',
    example: '203.0.113.7',
  })
  readonly ip: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 256, example: 'Mozilla/5.0' })
  readonly userAgent: string | null;

  @ApiProperty({ description: 'Whether this is the session of the access token in use.', example: true })
  readonly current: boolean;

  constructor(session: ListedSession, currentId: string) {
    this.id = session.id;
    this.createdAt = session.createdAt;
    this.lastUsedAt = session.lastUsedAt;
    this.expiresAt = session.expiresAt;
    this.ip = session.ip;
    this.userAgent = session.userAgent;
    this.current = session.id === currentId;
  }
}

export class SessionListResponse {
  @ApiProperty({ type: [SessionResponse] })
  readonly items: readonly SessionResponse[];

  constructor(items: readonly SessionResponse[]) {
    this.items = items;
  }
}

export class CloseSessionsRequest {
  /** `current` keeps the session of the request open. */
  @MayBeMissing()
  @OneOf(['current'])
  keep?: 'current';
}
