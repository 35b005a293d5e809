import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentUser, type Principal, Roles } from '@auth-service/guard';
import { ClosingService } from '../account/leaving/closing.service.js';
import {
  ApiAdmin,
  ApiChangeUser,
  ApiCloseUser,
  ApiGetUser,
  ApiInviteUser,
  ApiListUsers,
  ApiRenewInvitation,
  ApiRestoreUser,
} from './admin-documentation.dto.js';
import { ChangeUserRequest, InviteUserRequest, ListUsersRequest } from './admin-users-request.dto.js';
import { AdminUserListResponse, AdminUserResponse } from './admin-users.dto.js';
import { UserNotFound } from './admin.errors.js';
import { Invitations } from './invitations.service.js';
import { UserList } from './listing/user-list.service.js';
import { UserChanges } from './user-changes.service.js';

/** A malformed id gets the same response as an unknown one. */
const userId = new ParseUUIDPipe({ exceptionFactory: () => new UserNotFound() });

const PAGE = 50;

@ApiAdmin()
@Roles('admin')
@Controller('admin/users')
export class AdminUsersController {
  constructor(
    private readonly users: UserList,
    private readonly changes: UserChanges,
    private readonly closing: ClosingService,
    private readonly invitations: Invitations,
  ) {}

  @Get()
  @ApiListUsers()
  @ApiOkResponse({ type: AdminUserListResponse, description: 'A page of accounts.' })
  async list(@Query() { cursor, limit, ...filter }: ListUsersRequest): Promise<AdminUserListResponse> {
    return new AdminUserListResponse(await this.users.page(filter, cursor, limit ? Number(limit) : PAGE));
  }

  @Post()
  @ApiInviteUser()
  @ApiCreatedResponse({ type: AdminUserResponse, description: 'The new account. The email is on its way.' })
  async invite(
    @Body() { email, role = 'user', locale }: InviteUserRequest,
    @CurrentUser() admin: Principal,
  ): Promise<AdminUserResponse> {
    return new AdminUserResponse(await this.invitations.invite(email, { role, locale: locale ?? null }, admin));
  }

  @Get(':id')
  @ApiGetUser()
  @ApiOkResponse({ type: AdminUserResponse, description: 'The account.' })
  async get(@Param('id', userId) id: string): Promise<AdminUserResponse> {
    return new AdminUserResponse(await this.users.get(id));
  }

  @Patch(':id')
  @ApiChangeUser()
  @ApiOkResponse({ type: AdminUserResponse, description: 'The account after the change.' })
  async change(
    @Param('id', userId) id: string,
    @Body() change: ChangeUserRequest,
    @CurrentUser() admin: Principal,
  ): Promise<AdminUserResponse> {
    await this.changes.change(id, change, admin.userId);
    return this.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiCloseUser()
  @ApiNoContentResponse({ description: 'The account is closed.' })
  async close(@Param('id', userId) id: string, @CurrentUser() admin: Principal): Promise<void> {
    if (!(await this.closing.close(id, { actorId: admin.userId }))) await this.users.get(id);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @ApiRestoreUser()
  @ApiOkResponse({ type: AdminUserResponse, description: 'The account after the change.' })
  async restore(@Param('id', userId) id: string, @CurrentUser() admin: Principal): Promise<AdminUserResponse> {
    await this.closing.restore(id, admin.userId);
    return this.get(id);
  }

  @Post(':id/invitation')
  @HttpCode(204)
  @ApiRenewInvitation()
  @ApiNoContentResponse({ description: 'The email is on its way.' })
  async renewInvitation(@Param('id', userId) id: string, @CurrentUser() admin: Principal): Promise<void> {
    await this.invitations.renew(id, admin);
  }
}
