import type { INestApplicationContext, Type } from '@nestjs/common';
import { parseAdminCommand } from './admin-command.value.js';
import { AdminCommands } from './admin-commands.service.js';
import { parseAuditCommand } from './audit-command.value.js';
import { AuditCommands } from './audit-commands.service.js';
import { CommandUnknown } from './commands.errors.js';
import { parseKeyCommand } from './key-command.value.js';
import { KeyCommands } from './key-commands.service.js';
import { parseUsersCommand } from './users-command.value.js';
import { UsersCommands } from './users-commands.service.js';

/** A command that was understood. @returns what it did, in plain lines */
type Command = (service: INestApplicationContext) => Promise<readonly string[]>;
type Words = readonly string[];

/** By the first word: `npm run keys -- list` is `keys list`. A new one is a line here, one in `package.json`, and its usage. */
const PROGRAMS: Readonly<Record<string, (words: Words) => Command | null>> = {
  keys: program(parseKeyCommand, KeyCommands),
  audit: program(parseAuditCommand, AuditCommands),
  admin: program(parseAdminCommand, AdminCommands),
  users: program(parseUsersCommand, UsersCommands),
};

/** @throws CommandUnknown before anything is started */
export function commandOf(asked: Words): Command {
  const [name = '', ...words] = asked;
  const parse = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  const command = parse?.(words);
  if (!command) throw new CommandUnknown(asked);
  return command;
}

function program<Parsed>(
  parse: (words: Words) => Parsed | null,
  commands: Type<{ run(command: Parsed): Promise<Words> }>,
): (words: Words) => Command | null {
  return (words) => {
    const parsed = parse(words);
    return parsed && ((service) => service.get(commands, { strict: false }).run(parsed));
  };
}
