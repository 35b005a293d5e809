import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal } from '@auth-service/guard';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { CloseSessionsRequest, SessionListResponse, SessionResponse } from './sessions.dto.js';
import { SessionNotFound } from './sessions.errors.js';
import { SessionsService } from './sessions.service.js';

/** An id that cannot be one is answered like one that is unknown. */
const sessionId = new ParseUUIDPipe({ exceptionFactory: () => new SessionNotFound() });

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
  @ApiOkResponse({ type: SessionListResponse })
  @ApiProblems({ 401: ['invalid_token'], 503: ['database_unavailable'] })
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
  @ApiNoContentResponse({ description: 'The session is closed.' })
  @ApiProblems({ 401: ['invalid_token'], 404: ['session_not_found'], 503: ['database_unavailable'] })
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
  @ApiQuery({ name: 'keep', required: false, enum: ['current'] })
  @ApiNoContentResponse({ description: 'The sessions are closed.' })
  @ApiProblems({ 400: ['validation_failed'], 401: ['invalid_token'], 503: ['database_unavailable'] })
  async closeAll(@CurrentUser() principal: Principal, @Query() query: CloseSessionsRequest): Promise<void> {
    await this.sessions.closeAll(principal.userId, query.keep === 'current' ? principal.sessionId : null);
  }
}
