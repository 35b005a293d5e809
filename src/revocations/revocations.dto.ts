import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeMissing } from '../platform/http/input/validation.js';

/** An id of the feed as text: fifteen digits are a safe integer everywhere. */
export const FEED_ID = /^[0-9]{1,15}$/;

export class RevocationsRequest {
  /** The `next` of the previous response; 0 for all entries. */
  @MayBeMissing()
  @Matches(FEED_ID, { context: { code: 'not_an_id', detail: 'Must be the id of an entry, or 0.' } })
  since?: string;
}

/** A session that was closed. */
export class RevocationResponse {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The id of the entry. It is the same on every replica.',
    example: 1024,
  })
  readonly id!: number;

  @ApiProperty({
    pattern: '^[A-Za-z0-9_-]{43}$',
    maxLength: 43,
    description: 'SHA-256 of `revoked-session:` followed by the `sid` of the revoked tokens, in base64url.',
    example: 'Q0u4EPtQxOZOA7EyXoYrF7bRTRBW1SmVDvTmh3TPM1g',
  })
  readonly digest!: string;
}

export class RevocationListResponse {
  @ApiProperty({ type: [RevocationResponse], maxItems: 10_000_000 })
  readonly items!: readonly RevocationResponse[];

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Send it as `since` in the next request.',
    example: 1024,
  })
  readonly next!: number;
}
