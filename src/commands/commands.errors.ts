import { CommandRefused } from '../platform/errors.js';
import { USAGE } from './usage.value.js';

/** Maximum number of findings to print. */
const SHOWN = 100;

export class CommandUnknown extends CommandRefused {
  /** @param words the arguments of the command */
  constructor(words: readonly string[]) {
    super(words.length > 0 ? `Unknown command: ${words.join(' ')}\n${USAGE}` : USAGE);
  }
}

export class EmailInvalid extends CommandRefused {
  constructor() {
    super('EMAIL must be one plain email address, such as ada@example.com.');
  }
}

export class AuditLogBroken extends CommandRefused {
  /** @param findings one sentence each */
  constructor(findings: readonly string[]) {
    const more = findings.length > SHOWN ? [`And ${findings.length - SHOWN} more.`] : [];
    super(['The audit log has been altered:', ...findings.slice(0, SHOWN), ...more].join('\n'));
  }
}

export class AccountThere extends CommandRefused {
  constructor() {
    super(
      'An account with this email address already exists. To make it an admin, run: npm run admin -- promote EMAIL',
    );
  }
}

export class AccountUnknown extends CommandRefused {
  constructor() {
    super('There is no account with this email address. To create an admin, run: npm run admin -- create EMAIL');
  }
}

export class AccountKeptOut extends CommandRefused {
  constructor() {
    super(
      'This account is disabled or closed. Have an admin enable or restore it first, or use another email address.',
    );
  }
}

export class FileUnreadable extends CommandRefused {
  /** @param reason the system's error code */
  constructor(reason: string) {
    super(`The file cannot be read (${reason}).`);
  }
}

/** Some lines were refused; each has been printed already. */
export class LinesRefused extends CommandRefused {
  /** @param summary how many were imported nevertheless */
  constructor(summary: string) {
    super(`${summary} Correct the lines named above and run the import again. Existing accounts are left as they are.`);
  }
}
