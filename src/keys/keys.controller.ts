import { createHash } from 'node:crypto';
import { Controller, Get, Header, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply } from 'fastify';
import { Config } from '../platform/config/config.js';
import { JwksResponse, MetadataResponse } from './keys.dto.js';
import { KeysService } from './keys.service.js';

/** Long enough to spare the service, short enough that a new key is known before it signs. */
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=600, stale-if-error=86400';

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
    summary: 'The public keys that verify access tokens',
    description: 'A JWK Set (RFC 7517). It may be cached for five minutes; send the `ETag` back to save the transfer.',
  })
  @ApiOkResponse({ type: JwksResponse })
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
    summary: 'Where to find what: authorization server metadata',
    description: 'The document of RFC 8414. Guards of other apps start here: they need nothing but the issuer.',
  })
  @ApiOkResponse({ type: MetadataResponse })
  metadata(): MetadataResponse {
    const issuer = this.config.issuerUrl;
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      grant_types_supported: [],
      service_documentation: `${issuer}/docs`,
    };
  }
}
