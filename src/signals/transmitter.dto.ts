import { ApiProperty } from '@nestjs/swagger';

const URL = { format: 'uri', maxLength: 2048 } as const;

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
    description:
      'An extension: where to poll. Streams are configured by settings, so there is no endpoint that tells this.',
    example: 'https://auth.example.com/ssf/poll',
  })
  readonly poll_endpoint!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', ...URL },
    description:
      'An extension: the types of events. Every receiver gets `session-revoked`; the others go to receivers listed in ' +
      '`SSF_ACCOUNT_EVENTS`.',
    example: [
      'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
      'https://schemas.openid.net/secevent/risc/event-type/account-purged',
    ],
  })
  readonly events_supported!: readonly string[];

  @ApiProperty({
    type: [String],
    example: ['session'],
    description:
      'Subject members that a receiver must not ignore: using `user` alone would end all sessions of that user.',
  })
  readonly critical_subject_members!: readonly string[];

  @ApiProperty({ type: [AuthorizationSchemeResponse] })
  readonly authorization_schemes!: readonly AuthorizationSchemeResponse[];

  @ApiProperty({ enum: ['ALL'], example: 'ALL', description: 'Every receiver gets the events of every session.' })
  readonly default_subjects!: string;
}
