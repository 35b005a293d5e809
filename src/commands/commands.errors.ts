import { CommandRefused } from '../platform/errors.js';

export class CommandUnknown extends CommandRefused {
  constructor() {
    super(`These are the commands:
  npm run keys -- list          the signing keys, and what each of them does
  npm run keys -- rotate        the standby key signs from now on
  npm run keys -- revoke KID    in an emergency: nothing that this key signed is accepted any more
  npm run keys -- rewrap        seals all keys anew under the first secret of AUTH_SECRET`);
  }
}
