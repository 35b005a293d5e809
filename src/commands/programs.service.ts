import type { INestApplicationContext, Type } from '@nestjs/common';
import { type AdminCommand, type AskedOfAdmins, parseAdminCommand } from './admin/admin-command.value.js';
import { AdminCommands } from './admin/admin-commands.service.js';
import { parseAuditCommand } from './audit/audit-command.value.js';
import { AuditCommands } from './audit/audit-commands.service.js';
import { CommandUnknown, EmailInvalid } from './commands.errors.js';
import { parseKeyCommand } from './keys/key-command.value.js';
import { KeyCommands } from './keys/key-commands.service.js';
import { parseUsersCommand } from './users/users-command.value.js';
import { UsersCommands } from './users/users-commands.service.js';

/** A parsed command. @returns the lines to print */
type Command = (service: INestApplicationContext) => Promise<readonly string[]>;
type Words = readonly string[];

/**
 * The programs by the first argument: `npm run keys -- list` is `keys list`. A new one also needs a script in `package.json` and
 * its usage in `CommandUnknown`.
 */
const PROGRAMS: Readonly<Record<string, (words: Words) => Command | null>> = {
  keys: program(parseKeyCommand, KeyCommands),
  audit: program(parseAuditCommand, AuditCommands),
  admin: program((words) => withAddress(parseAdminCommand(words)), AdminCommands),
  users: program(parseUsersCommand, UsersCommands),
};

/** @throws CommandUnknown, EmailInvalid before anything is started */
export function commandOf(asked: Words): Command {
  const [name = '', ...words] = asked;
  const parse = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  const command = parse?.(words);
  if (!command) throw new CommandUnknown(asked);
  return command;
}

function withAddress(asked: AskedOfAdmins | null): AdminCommand | null {
  if (!asked) return null;
  const { name, email } = asked;
  if (email === null) throw new EmailInvalid();
  return { name, email };
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
