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

/** An id that cannot be one is answered like one that is unknown. */
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
    summary: 'Where am I signed in',
    description: 'Your open sessions, the one used last first.',
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
    summary: 'Sign out one session',
    description: 'Its refresh token is dead at once.',
  })
  @ApiParam({
    name: 'id',
    schema: { type: 'string', format: 'uuid', maxLength: 36 },
    description: 'As the list gives it.',
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
    summary: 'Sign out everywhere',
    description: 'Closes all your sessions; with `keep=current` all but the one that asks.',
  })
  @ApiQuery({ name: 'keep', required: false, enum: ['current'], description: '`current` leaves this session open.' })
  @ApiNoContentResponse({ description: 'The sessions are closed.' })
  @ApiProblems(
    new ValidationFailed([{ field: 'keep', code: 'not_an_allowed_value', detail: 'One of: current.' }]),
    INVALID_TOKEN,
    DATABASE_UNAVAILABLE,
  )
  async closeAll(@CurrentUser() principal: Principal, @Query() query: CloseSessionsRequest): Promise<void> {
    const keep = query.keep === 'current' ? principal.sessionId : null;
    await this.sessions.closeAll(principal.userId, keep, 'closed_by_user');
  }
}
