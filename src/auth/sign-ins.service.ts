import { Injectable } from '@nestjs/common';
import type { Device } from '../devices/device-rows.value.js';
import { DevicesService } from '../devices/devices.service.js';
import { Database } from '../platform/database/database.service.js';
import { type Origin, SessionsService } from '../sessions/sessions.service.js';
import type { TokenPair } from '../sessions/token-pairs.service.js';
import type { AccountAtLogin } from './credentials/account.value.js';
import { CredentialsRepository } from './credentials/credentials.repository.js';
import { NewDevices } from './new-devices.service.js';

/** The client that a login comes from. */
export interface LoginOrigin extends Origin {
  /** The device token that the client sent. */
  deviceToken: string | null;
  /** The refresh token that the new one replaces in the client's cookie. */
  replacedToken: string | null;
}

/** What a successful login returns. */
export interface SignIn {
  tokens: TokenPair;
  /** The device token for the client to keep, instead of the one it sent. */
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

  /** Whether the client sent a genuine device token. Only `find` tells whether it belongs to this account. */
  mayBeKnown({ deviceToken }: LoginOrigin): boolean {
    return this.devices.idsIn(deviceToken).length > 0;
  }

  /** Takes one statement and the same work for an email address without an account, whatever token the client sends. */
  find(email: string, { userAgent, deviceToken }: LoginOrigin): Promise<AccountAtLogin | null> {
    return this.credentials.findAtLogin(email, { userAgent, deviceIds: this.devices.idsIn(deviceToken) });
  }

  /** @returns null if the account was disabled or deleted, or all its sessions were closed, since it was read */
  async open(account: AccountAtLogin, origin: LoginOrigin): Promise<SignIn | null> {
    const device = this.devices.comingIn(account.deviceId);
    const open = (): Promise<TokenPair | null> => this.openInPlace(account, origin, device);
    const tokens = await (account.deviceIsNew ? this.newDevices.telling(account, origin, open) : open());
    return tokens && { tokens, deviceToken: this.devices.tokenFor(device, origin.deviceToken) };
  }

  /** Closes the replaced session in the same transaction, because nobody could log out of it any more. */
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
