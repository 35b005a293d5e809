import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { KeyCommands } from './key-commands.service.js';

/** What operators do from the command line; `src/keys.ts` is its way in. */
@Module({ imports: [KeysModule, AuthModule], providers: [KeyCommands] })
export class CommandsModule {}
