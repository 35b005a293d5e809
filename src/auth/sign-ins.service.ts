import { Injectable } from '@nestjs/common';
import type { Device } from '../devices/device-rows.value.js';
import { DevicesService } from '../devices/devices.service.js';
import { Database } from '../platform/database/database.service.js';
import { type Origin, SessionsService } from '../sessions/sessions.service.js';
import type { TokenPair } from '../sessions/token-pairs.service.js';
import type { AccountAtLogin } from './credentials/account.value.js';
import { CredentialsRepository } from './credentials/credentials.repository.js';
import { NewDevices } from './new-devices.service.js';

/** Where a login comes from. */
export interface LoginOrigin extends Origin {
  /** What the device was given to be known by, as it says. */
  deviceToken: string | null;
  /** A refresh token of which nobody will know any more once the new one is there. */
  replacedToken: string | null;
}

/** What somebody gets who is let in. */
export interface SignIn {
  tokens: TokenPair;
  /** What the device is to keep, in place of the one it has shown. */
  deviceToken: string;
}

/** Lets people in. */
@Injectable()
export class SignIns {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly devices: DevicesService,
    private readonly sessions: SessionsService,
    private readonly newDevices: NewDevices,
    private readonly database: Database,
  ) {}

  /** Whether the device shows that it has logged in before: if to this very account, `find` tells. */
  mayBeKnown({ deviceToken }: LoginOrigin): boolean {
    return this.devices.idsIn(deviceToken).length > 0;
  }

  /** One statement and the same work for an address without an account, whatever the device shows. */
  find(email: string, { userAgent, deviceToken }: LoginOrigin): Promise<AccountAtLogin | null> {
    return this.credentials.findAtLogin(email, { userAgent, deviceIds: this.devices.idsIn(deviceToken) });
  }

  /** @returns null when since the account was read it was disabled or deleted, or all its sessions were closed */
  async open(account: AccountAtLogin, origin: LoginOrigin): Promise<SignIn | null> {
    const device = this.devices.comingIn(account.deviceId);
    const open = (): Promise<TokenPair | null> => this.openInPlace(account, origin, device);
    const tokens = await (account.deviceIsNew ? this.newDevices.telling(account, origin, open) : open());
    return tokens && { tokens, deviceToken: this.devices.tokenFor(device, origin.deviceToken) };
  }

  /** The session that is replaced ends with the same commit: nobody could log out of it any more. */
  private openInPlace(account: AccountAtLogin, origin: LoginOrigin, device: Device): Promise<TokenPair | null> {
    const { replacedToken } = origin;
    if (replacedToken === null) return this.sessions.open(account, origin, device);
    return this.database.inTransaction(async () => {
      const tokens = await this.sessions.open(account, origin, device);
      if (tokens) await this.sessions.logOut(replacedToken);
      return tokens;
    });
  }
}
