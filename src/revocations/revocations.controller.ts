import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply } from 'fastify';
import { ValidationFailed } from '../platform/errors.js';
import { endOnShutdown } from '../platform/http/connections/long-answers.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { addressGroup } from '../platform/http/callers/address-group.js';
import { type Caller, CallerOf } from '../platform/http/callers/caller.decorator.js';
import { FEED_ID, RevocationListResponse, RevocationsRequest } from './revocations.dto.js';
import { FeedBehind, FeedFull, TooManyStreams } from './revocations.errors.js';
import { RevocationsService } from './revocations.service.js';

const ID_SCHEMA = { type: 'string', pattern: FEED_ID.source, maxLength: 15 } as const;

@ApiTags('Revocations')
@ApiExtraModels(RevocationListResponse)
@Public()
@Controller('revocations')
export class RevocationsController {
  constructor(private readonly revocations: RevocationsService) {}

  @Get()
  @ApiOperation({
    operationId: 'revocations',
    summary: 'Follow the closed sessions',
    description: [
      'Server-sent events: first every session closed in the last 16 minutes (longer than any access token lives), then each ' +
        'session as it is closed. `data` is a digest of the session id. One event `current` marks the end of the backlog. After ' +
        'that, a comment every 10 seconds confirms that nothing is missing.',
      'With `since`, or if `Accept` names only JSON, the response is a list. To poll, send its `next` as `since`.',
      'Entries up to 15 seconds older than the given id are sent again, because they may have been committed after it.',
    ].join('\n\n'),
  })
  @ApiQuery({
    name: 'since',
    required: false,
    schema: ID_SCHEMA,
    description: 'Return a list of the entries after this id. 0: all entries.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    schema: ID_SCHEMA,
    description:
      'The last id received before a stream broke off. The new stream continues there. With an unknown id it starts over.',
  })
  @ApiOkResponse({
    description: 'The closed sessions.',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example:
          'id: 1024\ndata: Q0u4EPtQxOZOA7EyXoYrF7bRTRBW1SmVDvTmh3TPM1g\n\nevent: current\ndata: current\n\n:\n\n',
      },
      'application/json': { schema: { $ref: getSchemaPath(RevocationListResponse) } },
    },
  })
  @ApiProblems(
    new ValidationFailed([{ field: 'since', code: 'not_an_id', detail: 'Must be the id of an entry, or 0.' }]),
    new TooManyStreams(),
    new FeedFull(),
    new FeedBehind(),
  )
  tell(
    @CallerOf() { ip }: Caller,
    @Query() { since }: RevocationsRequest,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    const lastId = idOf(since ?? lastEventId);
    const asList = since !== undefined || wantsJson(accept);
    reply.raw.once('close', this.revocations.takePlace(asList ? 'list' : 'stream', addressGroup(ip)));
    return asList ? this.list(reply, lastId) : this.stream(reply, lastId);
  }

  private list(reply: FastifyReply, lastId: number | null): FastifyReply {
    return reply.type('application/json; charset=utf-8').send(this.revocations.list(lastId));
  }

  private stream(reply: FastifyReply, lastId: number | null): FastifyReply {
    const stream = this.revocations.follow(lastId);
    endOnShutdown(reply, () => stream.finish());
    // nginx would buffer events.
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
  }
}

function idOf(text: string | undefined): number | null {
  return text !== undefined && FEED_ID.test(text) ? Number(text) : null;
}

function wantsJson(accept = ''): boolean {
  return accept.includes('application/json') && !accept.includes('text/event-stream');
}
