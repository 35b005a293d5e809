import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { AuditCommands } from './audit-commands.service.js';
import { KeyCommands } from './key-commands.service.js';

/** What operators do from the command line; `src/commands.ts` is its way in. */
@Module({ imports: [AuditModule, KeysModule, AuthModule], providers: [AuditCommands, KeyCommands] })
export class CommandsModule {}
