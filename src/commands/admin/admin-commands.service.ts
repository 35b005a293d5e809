import { Injectable } from '@nestjs/common';
import { Invitations } from '../../admin/invitations.service.js';
import { UserChanges } from '../../admin/user-changes.service.js';
import { stateOf } from '../../admin/user-state.value.js';
import { PATHS } from '../../mail/templates/mails.value.js';
import { PURPOSES } from '../../one-time-tokens/one-time-token.value.js';
import { Config } from '../../platform/config/config.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { AccountKeptOut, AccountThere, AccountUnknown } from '../commands.errors.js';
import type { AdminCommand } from './admin-command.value.js';

const DAY = 86_400;

const ADDRESS_ASSUMED =
  'If the service runs at another URL, run this command with the same PORT, ISSUER_URL or LINK_BASE_URL, or put them in a .env file.';

/** Creates admins for an operator. Prints a link that works once, and never a password. */
@Injectable()
export class AdminCommands {
  constructor(
    private readonly users: UsersService,
    private readonly invitations: Invitations,
    private readonly changes: UserChanges,
    private readonly config: Config,
  ) {}

  /** @throws AccountThere, AccountUnknown, AccountKeptOut */
  async run({ name, email }: AdminCommand): Promise<string[]> {
    const user = await this.users.findByEmail(email);
    return name === 'create' ? this.create(email, user) : this.promote(user);
  }

  private async create(email: string, user: User | null): Promise<string[]> {
    if (user && !(user.role === 'admin' && stateOf(user) === 'invited')) throw new AccountThere();
    const token = user
      ? await this.invitations.renewByHand(user.id)
      : await this.invitations.inviteByHand(email, 'admin');
    return [
      'Open this link and choose a password to activate the admin account:',
      `${this.config.linkBaseUrl}${PATHS.invitation}#token=${token}`,
      `The link works once and expires in ${PURPOSES.invitation.seconds / DAY} days. Run this command again to replace it with a new one.`,
      ...(this.config.linkBaseUrlAssumed ? [ADDRESS_ASSUMED] : []),
    ];
  }

  private async promote(user: User | null): Promise<string[]> {
    if (!user) throw new AccountUnknown();
    if (user.disabledAt) throw new AccountKeptOut();
    await this.changes.change(user.id, { role: 'admin' }, null);
    return [`${user.id} is now an admin. This takes effect with the next refresh or login.`];
  }
}
