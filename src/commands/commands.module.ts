import { Module } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminCommands } from './admin/admin-commands.service.js';
import { AuditCommands } from './audit/audit-commands.service.js';
import { KeyCommands } from './keys/key-commands.service.js';
import { UsersCommands } from './users/users-commands.service.js';

/** Commands for operators. The entry point is `src/commands.ts`. */
@Module({
  imports: [AdminModule, AuditModule, KeysModule, AuthModule, UsersModule],
  providers: [AdminCommands, AuditCommands, KeyCommands, UsersCommands],
})
export class CommandsModule {}
