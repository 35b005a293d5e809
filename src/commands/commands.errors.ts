import { CommandRefused } from '../platform/errors.js';

/** Of very many findings the first tell enough. */
const SHOWN = 100;

export class CommandUnknown extends CommandRefused {
  constructor() {
    super(`These are the commands:
  npm run keys -- list          the signing keys, and what each of them does
  npm run keys -- rotate        the standby key signs from now on
  npm run keys -- revoke KID    in an emergency: nothing that this key signed is accepted any more
  npm run keys -- rewrap        seals all keys anew under the first secret of AUTH_SECRET
  npm run audit -- verify       looks whether the audit log is as it was written
      --against SEQ:DIGEST      and still holds what a line audit_sealed of the log has told`);
  }
}

export class AuditLogBroken extends CommandRefused {
  /** @param findings one sentence for each place */
  constructor(findings: readonly string[]) {
    const more = findings.length > SHOWN ? [`And ${findings.length - SHOWN} more.`] : [];
    super(['The audit log is not as it was written:', ...findings.slice(0, SHOWN), ...more].join('\n'));
  }
}
