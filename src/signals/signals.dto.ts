import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsString, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { MayBeMissing } from '../platform/http/input/validation.js';

const JTI_EXAMPLE = '3f0b6c1e-5d0a-4c59-9a77-0d2b9f4f7a11';
const JTI = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^\\x00-\\x1f]+$' } as const;
const MAX_JTIS = 400;
const URL = { format: 'uri', maxLength: 2048 } as const;

const ERRORS_RULE = { code: 'not_an_object', detail: 'An object that holds an object for each jti.' };

/** `{ "<jti>": { "err": "…", "description": "…" } }` */
function isErrors(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((error) => isRecord(error) && isText(error.err));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** The body of a poll (RFC 8936 section 2.2); its names are the standard's. */
export class PollRequest {
  @ApiPropertyOptional({
    type: 'array',
    items: JTI,
    maxItems: MAX_JTIS,
    description: 'The `jti` of each token that arrived: it is not sent again.',
    example: [JTI_EXAMPLE],
  })
  @MayBeMissing()
  @IsArray()
  @ArrayMaxSize(MAX_JTIS, { context: { code: 'too_many', detail: `At most ${MAX_JTIS} at once.` } })
  @IsString({ each: true, context: { detail: 'A list of texts.' } })
  @MaxLength(JTI.maxLength, { each: true, context: { detail: `Each of at most ${JTI.maxLength} characters.` } })
  ack?: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: {
        err: { type: 'string', maxLength: 64, pattern: '^[a-z_]+$' },
        description: { type: 'string', maxLength: 1024, pattern: '^[^\\x00-\\x1f]*$' },
      },
    },
    description: 'By their `jti`, what is wrong with tokens that you cannot use. They are not sent again.',
    example: {},
  })
  @MayBeMissing()
  @ValidateBy(
    { name: 'isErrors', validator: { validate: isErrors, defaultMessage: () => ERRORS_RULE.detail } },
    { context: ERRORS_RULE },
  )
  setErrs?: Record<string, { err?: string }>;

  @ApiPropertyOptional({
    type: 'integer',
    format: 'int32',
    minimum: 0,
    maximum: 2_147_483_647,
    description: 'How many tokens you want at most, up to 100; 0 only acknowledges.',
    example: 20,
  })
  @MayBeMissing()
  @IsInt()
  @Min(0, { context: { detail: 'A whole number from 0 on.' } })
  @Max(2_147_483_647, { context: { detail: 'At most 2147483647.' } })
  maxEvents?: number;

  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'False: where there is nothing the answer waits for something, for 20 seconds at most.',
    example: true,
  })
  @MayBeMissing()
  @IsBoolean()
  returnImmediately?: boolean;
}

/** What a poll is answered (RFC 8936 section 2.3). */
export class PollResponse {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 8192 },
    description: 'Security Event Tokens (RFC 8417) by their `jti`, the oldest first.',
    example: { [JTI_EXAMPLE]: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InNlY2V2ZW50K2p3dCIs…' },
  })
  readonly sets!: Record<string, string>;

  @ApiProperty({ description: 'Whether there is more to fetch, once these are acknowledged.', example: false })
  readonly moreAvailable!: boolean;
}

/** How those who poll prove who they are. */
export class AuthorizationSchemeResponse {
  @ApiProperty({ enum: ['urn:ietf:rfc:6750'], example: 'urn:ietf:rfc:6750', description: 'A bearer token.' })
  readonly spec_urn!: string;
}

/** Transmitter configuration metadata (OpenID Shared Signals Framework 1.0); its names are the standard's. */
export class TransmitterResponse {
  @ApiProperty({ enum: ['1_0'], example: '1_0' })
  readonly spec_version!: string;

  @ApiProperty({ ...URL, example: 'https://auth.example.com' })
  readonly issuer!: string;

  @ApiProperty({ ...URL, example: 'https://auth.example.com/.well-known/jwks.json' })
  readonly jwks_uri!: string;

  @ApiProperty({ type: [String], example: ['urn:ietf:rfc:8936'], description: 'Polling.' })
  readonly delivery_methods_supported!: readonly string[];

  @ApiProperty({
    ...URL,
    description: 'An extension: where to poll. Streams are set up in the settings, so there is no endpoint that tells.',
    example: 'https://auth.example.com/ssf/poll',
  })
  readonly poll_endpoint!: string;

  @ApiProperty({
    type: [String],
    example: ['session'],
    description: 'Not to be passed over in a subject: who looks at the `user` alone would end all their sessions.',
  })
  readonly critical_subject_members!: readonly string[];

  @ApiProperty({ type: [AuthorizationSchemeResponse] })
  readonly authorization_schemes!: readonly AuthorizationSchemeResponse[];

  @ApiProperty({ enum: ['ALL'], example: 'ALL', description: 'Every receiver is told of every session.' })
  readonly default_subjects!: string;
}
