import { Module } from '@nestjs/common';
import { AccountModule } from '../account/account.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { OneTimeTokensModule } from '../one-time-tokens/one-time-tokens.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminUsersController } from './admin-users.controller.js';
import { Invitations } from './invitations.service.js';
import { UserListRepository } from './listing/user-list.repository.js';
import { UserList } from './listing/user-list.service.js';
import { UserChanges } from './user-changes.service.js';
import { UserSessionsController } from './user-sessions.controller.js';

@Module({
  imports: [AuditModule, UsersModule, SessionsModule, OneTimeTokensModule, AccountModule],
  controllers: [AdminUsersController, UserSessionsController],
  providers: [UserListRepository, UserList, UserChanges, Invitations],
  exports: [UserList, UserChanges, Invitations],
})
export class AdminModule {}
