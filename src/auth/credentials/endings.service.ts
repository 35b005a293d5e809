import { Injectable } from '@nestjs/common';
import { DevicesService } from '../../devices/devices.service.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import type { CloseReason } from '../../sessions/session.entity.js';
import { SessionsService } from '../../sessions/sessions.service.js';

export interface Ending {
  reason: CloseReason;
  /** The id of the one session that stays open, if any. */
  keep?: string | null;
  /** The token of the one device that stays known, if any. */
  keepDevice?: string | null;
}

/** Ends everything that was reached with a password. */
@Injectable()
export class Endings {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensService,
    private readonly devices: DevicesService,
  ) {}

  /**
   * Closes all sessions, revokes all emailed links and forgets all devices. Call it in the transaction that raised the user's
   * epoch, so that a concurrent login cannot restore any of them.
   * @param actorId the user who does it; null: the service or its operators
   */
  async endAll(
    userId: string,
    { reason, keep = null, keepDevice = null }: Ending,
    actorId: string | null = userId,
  ): Promise<void> {
    await this.sessions.closeAll(userId, keep, reason, actorId);
    await this.tokens.revokeAll(userId);
    await this.devices.forgetAll(userId, keepDevice);
  }
}
