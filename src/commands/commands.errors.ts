import { CommandRefused } from '../platform/errors.js';

/** Of very many findings the first tell enough. */
const SHOWN = 100;

export class CommandUnknown extends CommandRefused {
  /** @param words what was asked for */
  constructor(words: readonly string[]) {
    const asked = words.length > 0 ? `Not understood: ${words.join(' ')}\n` : '';
    super(`${asked}These are the commands:
  npm run keys -- list          the signing keys, and what each of them does
  npm run keys -- rotate        the standby key signs from now on
  npm run keys -- revoke KID    in an emergency: nothing that this key signed is accepted any more
  npm run keys -- rewrap        seals all keys and waiting mails anew under the first secret of AUTH_SECRET
  npm run admin -- create EMAIL     makes an admin: prints a link, good once, to choose a password
  npm run admin -- promote EMAIL    makes an admin of an account that is there
  npm run users -- import FILE      accounts from elsewhere, one JSON object a line; - for the standard input
      --dry-run                     only says what would become of them
  npm run audit -- verify       looks whether the audit log is as it was written
      --against SEQ:DIGEST      and still holds what a line audit_sealed of the log has told: a number, 64 hex digits`);
  }
}

export class AuditLogBroken extends CommandRefused {
  /** @param findings one sentence for each place */
  constructor(findings: readonly string[]) {
    const more = findings.length > SHOWN ? [`And ${findings.length - SHOWN} more.`] : [];
    super(['The audit log is not as it was written:', ...findings.slice(0, SHOWN), ...more].join('\n'));
  }
}

export class AccountThere extends CommandRefused {
  constructor() {
    super('An account with this address is there already. To make it an admin: npm run admin -- promote EMAIL');
  }
}

export class AccountUnknown extends CommandRefused {
  constructor() {
    super('There is no account with this address. To make one that is an admin: npm run admin -- create EMAIL');
  }
}

export class AccountKeptOut extends CommandRefused {
  constructor() {
    super('This account is disabled or closed. An admin can enable or restore it first; or take another address.');
  }
}

export class FileUnreadable extends CommandRefused {
  /** @param reason the system's word for it */
  constructor(reason: string) {
    super(`The file cannot be read (${reason}).`);
  }
}

/** Each was named as it was found. */
export class LinesRefused extends CommandRefused {
  /** @param summary how many were imported all the same */
  constructor(summary: string) {
    super(`${summary} Mend the lines named above and run this again: what is there is left as it is.`);
  }
}
