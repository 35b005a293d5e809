import { Injectable } from '@nestjs/common';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import type { Device } from './device-rows.value.js';
import { decodeDeviceToken, encodeDeviceToken, randomDeviceId } from './device-token.value.js';
import type { KeptDevice } from './known-device.entity.js';
import { KnownDevicesRepository } from './known-devices.repository.js';

/** Recognizes devices by a token that they get at login. See decision 17. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly devices: KnownDevicesRepository,
    private readonly secrets: SecretRing,
  ) {}

  /** The device ids in a token, one for each account that logged in on the device. Empty for an invalid token. */
  idsIn(token: string | null): Buffer[] {
    return token === null ? [] : decodeDeviceToken(token, this.secrets);
  }

  /**
   * @param knownId the id under which the account knows the device; null: it gets a new one. The id of another account is never
   * reused, because an attacker may have planted it
   */
  comingIn(knownId: Buffer | null): Device {
    return knownId ? { id: knownId, isNew: false } : { id: randomDeviceId(), isNew: true };
  }

  /** The new token for a device. @param before its previous token, which may hold ids for other accounts */
  tokenFor({ id }: Device, before: string | null): string {
    const others = this.idsIn(before).filter((other) => !other.equals(id));
    return encodeDeviceToken([id, ...others], this.secrets.current);
  }

  /**
   * Makes the device known to the account without a login.
   * @param before the previous token of the device
   * @returns the new token of the device
   */
  async remember(userId: string, before: string | null): Promise<string> {
    const device = this.comingIn(null);
    await this.devices.insert(userId, device.id);
    return this.tokenFor(device, before);
  }

  /** @param kept the token of a device to keep, if any */
  forgetAll(userId: string, kept: string | null): Promise<void> {
    return this.devices.deleteAllBut(userId, this.idsIn(kept));
  }

  listAll(userId: string): Promise<KeptDevice[]> {
    return this.devices.findAll(userId);
  }
}
