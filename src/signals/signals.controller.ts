import { Body, Controller, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessDenied, InvalidToken, Public } from '@auth-service/guard';
import type { FastifyReply } from 'fastify';
import { CACHE_CONTROL } from '../keys/rotation/key-times.value.js';
import { Config } from '../platform/config/config.js';
import { ValidationFailed } from '../platform/errors.js';
import { endOnShutdown } from '../platform/http/connections/long-answers.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { cacheHeaders } from '../platform/http/openapi/headers.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { ReceiverGuard, ReceiverId } from './receivers/receiver.guard.js';
import { ACCOUNT_EVENTS } from './events/account-changed.service.js';
import { Receivers } from './receivers/receivers.service.js';
import { SESSION_REVOKED } from './events/session-revoked.service.js';
import { PollRequest, PollResponse } from './signals.dto.js';
import { SignalsOff, TooManyPolls } from './signals.errors.js';
import { SignalsService } from './signals.service.js';
import { TransmitterResponse } from './transmitter.dto.js';

/** `@Public()` only disables the guard for access tokens: receivers have tokens of another kind. */
@ApiTags('Signals')
@Public()
@Controller()
export class SignalsController {
  constructor(
    private readonly signals: SignalsService,
    private readonly receivers: Receivers,
    private readonly config: Config,
  ) {}

  @Post('ssf/poll')
  @HttpCode(200)
  @UseGuards(ReceiverGuard)
  @ApiBearerAuth('receiver')
  @ApiOperation({
    operationId: 'pollSignals',
    summary: 'Fetch and acknowledge signals',
    description: [
      'Poll delivery (RFC 8936) of Security Event Tokens (RFC 8417): one OpenID CAEP `session-revoked` event for each closed ' +
        'session. In the subject, `session` holds the `sid` of the access tokens, and `user` their `sub`.',
      'Receivers listed in `SSF_ACCOUNT_EVENTS` also get OpenID RISC events: `account-disabled`, `account-enabled`, ' +
        '`account-purged` and, when the email address changes, `recovery-information-changed`. The subject is the `sub` of ' +
        'the access tokens.',
      'Each poll returns a token again, with the same `jti`, until you send that `jti` in `ack` or `setErrs`. This works across ' +
        'replicas. Tokens that nobody fetches are dropped after 7 days.',
    ].join('\n\n'),
  })
  @ApiOkResponse({ type: PollResponse, description: 'The tokens that are not acknowledged yet.' })
  @ApiProblems(
    new ValidationFailed([{ field: 'maxEvents', code: 'too_small', detail: 'Must be a whole number, 0 or more.' }]),
    new AccessDenied(new InvalidToken('an example')),
    new SignalsOff(),
    new TooManyPolls(),
    DATABASE_UNAVAILABLE,
  )
  poll(
    @ReceiverId() receiverId: string,
    @Body() { ack = [], setErrs = {}, maxEvents = Infinity, returnImmediately = false }: PollRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PollResponse> {
    const over = new AbortController();
    reply.raw.once('close', () => over.abort());
    endOnShutdown(reply, () => over.abort());
    const poll = { acknowledged: ack, errors: setErrs, limit: maxEvents, wait: !returnImmediately };
    return this.signals.poll(receiverId, poll, over.signal);
  }

  @Get('.well-known/ssf-configuration')
  @ApiOperation({
    operationId: 'ssfConfiguration',
    summary: 'Get the transmitter configuration',
    description: 'Transmitter configuration metadata (OpenID Shared Signals Framework 1.0).',
  })
  @ApiOkResponse({ type: TransmitterResponse, description: 'The metadata.', headers: cacheHeaders(CACHE_CONTROL) })
  @ApiProblems(new SignalsOff())
  configuration(@Res({ passthrough: true }) reply: FastifyReply): TransmitterResponse {
    if (this.receivers.areNone) throw new SignalsOff();
    void reply.header('cache-control', CACHE_CONTROL);
    const issuer = this.config.issuerUrl;
    return {
      spec_version: '1_0',
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      delivery_methods_supported: ['urn:ietf:rfc:8936'],
      poll_endpoint: `${issuer}/ssf/poll`,
      events_supported: [SESSION_REVOKED, ...ACCOUNT_EVENTS],
      critical_subject_members: ['session'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6750' }],
      default_subjects: 'ALL',
    };
  }
}
