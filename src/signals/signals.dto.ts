import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsString, Max, MaxLength, Min, ValidateBy } from 'class-validator';
import { MayBeMissing } from '../platform/http/input/validation.js';

const JTI_EXAMPLE = '3f0b6c1e-5d0a-4c59-9a77-0d2b9f4f7a11';
const JTI = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^\\x00-\\x1f]+$' } as const;
const MAX_JTIS = 400;

const ERRORS_RULE = { code: 'not_an_object', detail: 'Must be an object that maps each jti to an object.' };

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

/** The body of a poll (RFC 8936 section 2.2). The names are those of the standard. */
export class PollRequest {
  @ApiPropertyOptional({
    type: 'array',
    items: JTI,
    maxItems: MAX_JTIS,
    description: 'The `jti` of each token that you have received. It is not sent again.',
    example: [JTI_EXAMPLE],
  })
  @MayBeMissing()
  @IsArray()
  @ArrayMaxSize(MAX_JTIS, { context: { code: 'too_many', detail: `Must have at most ${MAX_JTIS} items.` } })
  @IsString({ each: true, context: { detail: 'Must be an array of strings.' } })
  @MaxLength(JTI.maxLength, {
    each: true,
    context: { detail: `Each item must have at most ${JTI.maxLength} characters.` },
  })
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
    description: 'The tokens that you cannot use, by `jti`, and what is wrong with them. They are not sent again.',
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
    description: 'The maximum number of tokens to return, up to 100. 0: only acknowledge.',
    example: 20,
  })
  @MayBeMissing()
  @IsInt()
  @Min(0, { context: { detail: 'Must be a whole number, 0 or more.' } })
  @Max(2_147_483_647, { context: { detail: 'Must be at most 2147483647.' } })
  maxEvents?: number;

  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'If false and there are no tokens, the request waits for one, for at most 20 seconds.',
    example: true,
  })
  @MayBeMissing()
  @IsBoolean()
  returnImmediately?: boolean;
}

/** The response to a poll (RFC 8936 section 2.3). */
export class PollResponse {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 8192 },
    description: 'Security Event Tokens (RFC 8417) by `jti`, oldest first.',
    example: { [JTI_EXAMPLE]: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InNlY2V2ZW50K2p3dCIs…' },
  })
  readonly sets!: Record<string, string>;

  @ApiProperty({ description: 'Whether there are more tokens to fetch after these.', example: false })
  readonly moreAvailable!: boolean;
}
