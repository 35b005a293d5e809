import { createHash } from 'node:crypto';
import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply } from 'fastify';
import { Config } from '../platform/config/config.js';
import { cacheHeaders } from '../platform/http/openapi/headers.js';
import { CACHE_CONTROL } from './rotation/key-times.value.js';
import { JwksResponse, MetadataResponse } from './keys.dto.js';
import { KeysService } from './keys.service.js';

const CACHE_HEADERS = cacheHeaders(CACHE_CONTROL);
const ETAG = {
  description: 'Changes when the keys change.',
  schema: { type: 'string', maxLength: 64 },
  example: '"4-rXxE1nTLzTkTGYWQF9U0LrGKkZ3sxPqQh3mO9T2nA"',
};

@ApiTags('Discovery')
@Public()
@Controller('.well-known')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly config: Config,
  ) {}

  @Get('jwks.json')
  @ApiOperation({
    operationId: 'jwks',
    summary: 'Get the public keys that verify access tokens',
    description:
      'A JWK Set (RFC 7517). It may be cached for five minutes. Send the `ETag` back to avoid downloading it again.',
  })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'The `ETag` of your cached response.',
    schema: { type: 'string', pattern: '^[\\x20-\\x7e]*$', maxLength: 1024 },
  })
  @ApiOkResponse({ type: JwksResponse, description: 'The keys.', headers: { ...CACHE_HEADERS, ETag: ETAG } })
  @ApiResponse({
    status: 304,
    description: 'Your cached response is current.',
    headers: { ...CACHE_HEADERS, ETag: ETAG },
  })
  jwks(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): FastifyReply {
    const body = JSON.stringify(this.keys.jwks());
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
    void reply.header('cache-control', CACHE_CONTROL).header('etag', etag);
    if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  }

  @Get('oauth-authorization-server')
  @Header('cache-control', CACHE_CONTROL)
  @ApiOperation({
    operationId: 'metadata',
    summary: 'Get the authorization server metadata',
    description:
      'Authorization server metadata (RFC 8414). Guards in other apps start here: they only need the issuer URL.',
  })
  @ApiOkResponse({ type: MetadataResponse, description: 'The metadata.', headers: CACHE_HEADERS })
  metadata(): MetadataResponse {
    const issuer = this.config.issuerUrl;
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      revocations_endpoint: `${issuer}/revocations`,
      response_types_supported: [],
      grant_types_supported: [],
      service_documentation: `${issuer}/docs`,
    };
  }
}
