import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';

/** The receivers in the settings. */
@Injectable()
export class Receivers {
  constructor(private readonly config: Config) {}

  get areNone(): boolean {
    return this.config.ssfReceivers.length === 0;
  }

  /** Whether a receiver is told of accounts, too. */
  getsAccountEvents(receiverId: string): boolean {
    return this.config.ssfAccountReceivers.includes(receiverId);
  }

  /** Compares with every digest, whole, so that the time it takes tells nothing. @returns the receiver's id, or null */
  recognize(token: string): string | null {
    const digest = createHash('sha256').update(token).digest();
    const [known] = this.config.ssfReceivers.filter((receiver) => timingSafeEqual(receiver.digest, digest));
    return known?.id ?? null;
  }
}
