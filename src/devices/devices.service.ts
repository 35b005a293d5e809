import { Injectable } from '@nestjs/common';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import type { Device } from './device-rows.value.js';
import { decodeDeviceToken, encodeDeviceToken, randomDeviceId } from './device-token.value.js';
import type { KeptDevice } from './known-device.entity.js';
import { KnownDevicesRepository } from './known-devices.repository.js';

/** Devices are known by a token that they were given at a login. See decision 17. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly devices: KnownDevicesRepository,
    private readonly secrets: SecretRing,
  ) {}

  /** Which devices a caller may be: one for each account that logged in there. None for a token that was not made here. */
  idsIn(token: string | null): Buffer[] {
    return token === null ? [] : decodeDeviceToken(token, this.secrets);
  }

  /** @param knownId by which the account knows it. Another account's is never taken over: somebody may have left it there */
  comingIn(knownId: Buffer | null): Device {
    return knownId ? { id: knownId, isNew: false } : { id: randomDeviceId(), isNew: true };
  }

  /** What the device is to keep from now on. @param before what it kept until now, for other accounts, too */
  tokenFor({ id }: Device, before: string | null): string {
    const others = this.idsIn(before).filter((other) => !other.equals(id));
    return encodeDeviceToken([id, ...others], this.secrets.current);
  }

  /**
   * From now on the account knows the device, though nobody has logged in there yet.
   * @param before what it kept until now
   * @returns what it is to keep
   */
  async remember(userId: string, before: string | null): Promise<string> {
    const device = this.comingIn(null);
    await this.devices.insert(userId, device.id);
    return this.tokenFor(device, before);
  }

  /** @param kept the token of the one device that stays known, if any */
  forgetAll(userId: string, kept: string | null): Promise<void> {
    return this.devices.deleteAllBut(userId, this.idsIn(kept));
  }

  listAll(userId: string): Promise<KeptDevice[]> {
    return this.devices.findAll(userId);
  }
}
