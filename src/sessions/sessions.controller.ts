import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { AccessDenied, CurrentUser, InvalidToken, type Principal } from '@auth-service/guard';
import { ValidationFailed } from '../platform/errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { CloseSessionsRequest, SessionListResponse, SessionResponse } from './sessions.dto.js';
import { SessionNotFound } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';

/** A malformed id gets the same response as an unknown one. */
const sessionId = new ParseUUIDPipe({ exceptionFactory: () => new SessionNotFound() });

const INVALID_TOKEN = new AccessDenied(new InvalidToken('an example'));

@ApiTags('Sessions')
@ApiBearerAuth()
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listSessions',
    summary: 'List my sessions',
    description: 'Your open sessions, most recently used first.',
  })
  @ApiOkResponse({ type: SessionListResponse, description: 'Your open sessions.' })
  @ApiProblems(INVALID_TOKEN, DATABASE_UNAVAILABLE)
  async list(@CurrentUser() { userId, sessionId: current }: Principal): Promise<SessionListResponse> {
    const open = await this.sessions.listOpen(userId);
    return new SessionListResponse(open.map((session) => new SessionResponse(session, current)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'closeSession',
    summary: 'Close one of my sessions',
    description: 'Its refresh token stops working at once.',
  })
  @ApiParam({
    name: 'id',
    schema: { type: 'string', format: 'uuid', maxLength: 36 },
    description: 'The id of the session.',
  })
  @ApiNoContentResponse({ description: 'The session is closed.' })
  @ApiProblems(INVALID_TOKEN, new SessionNotFound(), DATABASE_UNAVAILABLE)
  async close(@CurrentUser() principal: Principal, @Param('id', sessionId) id: string): Promise<void> {
    await this.sessions.closeOwn(principal.userId, id);
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'closeSessions',
    summary: 'Close all my sessions',
    description: 'Closes all your sessions. With `keep=current` the current session stays open.',
  })
  @ApiQuery({
    name: 'keep',
    required: false,
    enum: ['current'],
    description: '`current` keeps the current session open.',
  })
  @ApiNoContentResponse({ description: 'The sessions are closed.' })
  @ApiProblems(
    new ValidationFailed([{ field: 'keep', code: 'not_an_allowed_value', detail: 'Must be one of: current.' }]),
    INVALID_TOKEN,
    DATABASE_UNAVAILABLE,
  )
  async closeAll(@CurrentUser() principal: Principal, @Query() query: CloseSessionsRequest): Promise<void> {
    const keep = query.keep === 'current' ? principal.sessionId : null;
    await this.sessions.closeAll(principal.userId, keep, 'closed_by_user');
  }
}
