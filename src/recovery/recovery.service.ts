import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CredentialsService } from '../auth/credentials/credentials.service.js';
import { PasswordNotices } from '../auth/credentials/password-notices.service.js';
import { OneTimeTokensService } from '../one-time-tokens/one-time-tokens.service.js';
import { DevicesService } from '../devices/devices.service.js';
import { Database } from '../platform/database/database.service.js';

export interface ResetOrigin {
  ip: string | null;
  deviceToken: string | null;
}

/** Choosing a password by a link from a mail. The token is looked at before anything is hashed, and consumed with the change. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly tokens: OneTimeTokensService,
    private readonly credentials: CredentialsService,
    private readonly devices: DevicesService,
    private readonly notices: PasswordNotices,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * Closes every session and tells the owner, whose device is known from now on: strangers' guesses do not hold it up.
   * @param origin where it is done: the address, for the mail, and what the device was known by
   * @returns what the device is to keep
   * @throws InvalidOneTimeToken
   * @throws PasswordRefused and the token stays good
   * @throws HashQueueFull and the token stays good
   */
  async resetPassword(token: string, password: string, { ip, deviceToken }: ResetOrigin): Promise<string> {
    const link = await this.tokens.find(token, 'reset_password');
    const hash = await this.credentials.prepare(password, link.email);
    return this.database.inTransaction(async () => {
      await this.credentials.replaceByLink(token, link, hash, 'password_reset');
      await this.audit.record({ type: 'password_reset', actorId: link.userId, subjectId: link.userId });
      await this.notices.tellChanged(link, ip);
      return this.devices.remember(link.userId, deviceToken);
    });
  }

  /**
   * The first password. The device is known as after a reset: strangers may have guessed at the address before it had one.
   * @param deviceToken what the device was known by
   * @returns what the device is to keep
   * @throws InvalidOneTimeToken
   * @throws PasswordRefused and the token stays good
   * @throws HashQueueFull and the token stays good
   */
  async acceptInvitation(token: string, password: string, deviceToken: string | null): Promise<string> {
    const link = await this.tokens.find(token, 'invitation');
    const hash = await this.credentials.prepare(password, link.email);
    return this.database.inTransaction(async () => {
      await this.credentials.replaceByLink(token, link, hash, 'password_reset');
      await this.audit.record({ type: 'invitation_accepted', actorId: link.userId, subjectId: link.userId });
      return this.devices.remember(link.userId, deviceToken);
    });
  }
}
