import { ApiProperty } from '@nestjs/swagger';

/** What is wrong with one property of the request. */
export class FieldProblem {
  @ApiProperty({
    maxLength: 256,
    description: 'The property; nested properties are separated by dots.',
    example: 'email',
  })
  field!: string;

  @ApiProperty({ pattern: '^[a-z_]+$', maxLength: 64, description: 'Stable; meant for programs.', example: 'required' })
  code!: string;

  @ApiProperty({
    maxLength: 256,
    description: 'Meant for people; the wording may change.',
    example: 'This property is required.',
  })
  detail!: string;
}

/** The shape of every refusal (RFC 9457). */
export class Problem {
  @ApiProperty({
    format: 'uri',
    maxLength: 128,
    description: 'As stable as the code.',
    example: 'urn:auth-service:problem:not_found',
  })
  type!: string;

  @ApiProperty({ maxLength: 128, description: 'The same for all problems of this type.', example: 'Not found' })
  title!: string;

  @ApiProperty({
    type: 'integer',
    format: 'int32',
    minimum: 400,
    maximum: 599,
    description: 'The HTTP status.',
    example: 404,
  })
  status!: number;

  @ApiProperty({
    maxLength: 256,
    description: 'Meant for people; the wording may change.',
    example: 'This resource does not exist.',
  })
  detail!: string;

  @ApiProperty({
    pattern: '^[a-z_]+$',
    maxLength: 64,
    description: 'Stable; meant for programs.',
    example: 'not_found',
  })
  code!: string;

  @ApiProperty({
    pattern: '^[A-Za-z0-9_-]{8,64}$',
    maxLength: 64,
    description: 'Identifies the request in the logs.',
    example: '0b0f3a0e-6a54-4bb5-9f3e-0c8c1f2a7d11',
  })
  requestId!: string;

  @ApiProperty({
    type: () => [FieldProblem],
    required: false,
    maxItems: 20,
    description: 'What is wrong with each field. Present with `validation_failed`.',
  })
  errors?: FieldProblem[];
}
