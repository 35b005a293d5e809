import { ApiProperty } from '@nestjs/swagger';

const BASE64URL = '^[A-Za-z0-9_-]+$';

/** One public key (RFC 7517). */
export class JwkResponse {
  @ApiProperty({ enum: ['EC'], example: 'EC' })
  kty!: string;

  @ApiProperty({ enum: ['P-256'], example: 'P-256' })
  crv!: string;

  @ApiProperty({ pattern: BASE64URL, maxLength: 64, example: 'jdW0NWqvM3kfUuMeSThrwIWFDsIuvDKFGV6ZfqYMUFk' })
  x!: string;

  @ApiProperty({ pattern: BASE64URL, maxLength: 64, example: 'VbuOwJIHe8YJ0FG6rBq8bbLjwD-wZHYP2nNM8UQZ6mc' })
  y!: string;

  @ApiProperty({
    pattern: BASE64URL,
    maxLength: 64,
    description: 'The thumbprint of the key (RFC 7638).',
    example: 'KIs8fRk2zn0XoS9N8Ui3pN9kWWX6Nm_5LnOC5NVl6Hg',
  })
  kid!: string;

  @ApiProperty({ enum: ['sig'], example: 'sig' })
  use!: string;

  @ApiProperty({ enum: ['ES256'], example: 'ES256' })
  alg!: string;
}

/** The keys that verify access tokens: current and previous ones, and the next one. */
export class JwksResponse {
  @ApiProperty({ type: [JwkResponse] })
  keys!: readonly JwkResponse[];
}

/** Authorization server metadata (RFC 8414). The names are those of the standard. */
export class MetadataResponse {
  @ApiProperty({ format: 'uri', maxLength: 2048, example: 'https://auth.example.com' })
  issuer!: string;

  @ApiProperty({ format: 'uri', maxLength: 2048, example: 'https://auth.example.com/.well-known/jwks.json' })
  jwks_uri!: string;

  @ApiProperty({
    format: 'uri',
    maxLength: 2048,
    description: 'An extension: where to follow closed sessions.',
    example: 'https://auth.example.com/revocations',
  })
  revocations_endpoint!: string;

  @ApiProperty({ type: [String], example: [], description: 'None: this server has no authorization endpoint.' })
  response_types_supported!: readonly string[];

  @ApiProperty({
    type: [String],
    example: [],
    description: 'None: logins go through `/auth/login`, not a token endpoint.',
  })
  grant_types_supported!: readonly string[];

  @ApiProperty({ format: 'uri', maxLength: 2048, example: 'https://auth.example.com/docs' })
  service_documentation!: string;
}
