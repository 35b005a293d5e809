import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentUser, type Principal, Roles } from '@auth-service/guard';
import { SessionListResponse, SessionResponse } from '../sessions/sessions.dto.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { ApiAdmin, ApiCloseUserSessions, ApiListUserSessions } from './admin-documentation.dto.js';
import { UserNotFound } from './admin.errors.js';
import { UserList } from './listing/user-list.service.js';
import { UserChanges } from './user-changes.service.js';

const userId = new ParseUUIDPipe({ exceptionFactory: () => new UserNotFound() });

@ApiAdmin()
@Roles('admin')
@Controller('admin/users/:id/sessions')
export class UserSessionsController {
  constructor(
    private readonly users: UserList,
    private readonly changes: UserChanges,
    private readonly sessions: SessionsService,
  ) {}

  @Get()
  @ApiListUserSessions()
  @ApiOkResponse({ type: SessionListResponse, description: 'The open sessions.' })
  async list(@Param('id', userId) id: string, @CurrentUser() admin: Principal): Promise<SessionListResponse> {
    await this.users.get(id);
    const open = await this.sessions.listOpen(id);
    return new SessionListResponse(open.map((session) => new SessionResponse(session, admin.sessionId)));
  }

  @Delete()
  @HttpCode(204)
  @ApiCloseUserSessions()
  @ApiNoContentResponse({ description: 'The sessions are closed.' })
  async closeAll(@Param('id', userId) id: string, @CurrentUser() admin: Principal): Promise<void> {
    await this.changes.closeSessions(id, admin.userId);
  }
}
