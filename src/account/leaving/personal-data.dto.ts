import { ApiProperty } from '@nestjs/swagger';
import { OwnEventResponse } from '../../audit/pages/own-events.dto.js';
import { CurrentPassword } from '../../auth/password.dto.js';
import { UserResponse } from '../../users/users.dto.js';
import type { PersonalData } from './personal-data.service.js';

const TIME = { type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' } as const;
const MAYBE_TIME = { ...TIME, nullable: true } as const;

export class CloseAccountRequest {
  @CurrentPassword()
  currentPassword!: string;
}

/** A session, open or closed. */
class KeptSessionResponse {
  @ApiProperty({ format: 'uuid', example: '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40' })
  readonly id!: string;

  @ApiProperty(TIME)
  readonly createdAt!: Date;

  @ApiProperty(TIME)
  readonly lastUsedAt!: Date;

  @ApiProperty(TIME)
  readonly expiresAt!: Date;

  @ApiProperty(MAYBE_TIME)
  readonly closedAt!: Date | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 64, example: 'logout' })
  readonly closeReason!: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 45, example: '203.0.113.7' })
  readonly ip!: string | null;

  @ApiProperty({ type: String, nullable: true, maxLength: 256, example: 'Mozilla/5.0 (X11; Linux x86_64)' })
  readonly userAgent!: string | null;
}

/** A device that has logged in and got a token. Nothing else is stored about it. */
class KeptDeviceResponse {
  @ApiProperty(TIME)
  readonly createdAt!: Date;

  @ApiProperty({ ...TIME, description: 'The day of the last login.' })
  readonly lastSeenAt!: Date;
}

/** An unused emailed link; its token is not stored. */
class PendingLinkResponse {
  @ApiProperty({ maxLength: 64, example: 'verify_email' })
  readonly purpose!: string;

  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  readonly address!: string;

  @ApiProperty(TIME)
  readonly createdAt!: Date;

  @ApiProperty(TIME)
  readonly expiresAt!: Date;
}

/** All data that is stored about a user, without credentials. */
export class PersonalDataResponse {
  @ApiProperty({ type: UserResponse })
  readonly account: UserResponse;

  @ApiProperty({ type: [KeptSessionResponse] })
  readonly sessions: KeptSessionResponse[];

  @ApiProperty({ type: [KeptDeviceResponse] })
  readonly devices: KeptDeviceResponse[];

  @ApiProperty({ type: [PendingLinkResponse] })
  readonly links: PendingLinkResponse[];

  @ApiProperty({ type: [OwnEventResponse], description: 'The newest 10,000 events.' })
  readonly events: OwnEventResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 64,
    description: 'Send it as `cursor` to `GET /users/me/events` to get older events. Null if all events are included.',
    example: null,
  })
  readonly eventsCursor: string | null;

  constructor({ user, sessions, devices, links, events }: PersonalData) {
    this.account = new UserResponse(user);
    this.sessions = sessions;
    this.devices = devices;
    this.links = links;
    this.events = events.events.map((event) => new OwnEventResponse(event, user.id));
    this.eventsCursor = events.nextCursor;
  }
}
