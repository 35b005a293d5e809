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

/** Sets passwords with emailed links. The token is checked before anything is hashed, and consumed together with the change. */
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
   * Closes all sessions and notifies the owner. The device becomes a known device, so wrong guesses of others do not delay its
   * logins.
   * @param origin the IP address, for the email, and the device's previous token
   * @returns the new device token
   * @throws InvalidOneTimeToken
   * @throws PasswordRefused and the token stays valid
   * @throws HashQueueFull and the token stays valid
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
   * Sets the first password. The device becomes a known device, too, because strangers may have made wrong guesses for the
   * address before.
   * @param deviceToken the device's previous token
   * @returns the new device token
   * @throws InvalidOneTimeToken
   * @throws PasswordRefused and the token stays valid
   * @throws HashQueueFull and the token stays valid
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
