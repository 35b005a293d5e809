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

/** What ends with a password: all that was reached by it. */
@Injectable()
export class Endings {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokensService,
    private readonly devices: DevicesService,
  ) {}

  /**
   * Closes every session, ends every link by mail, forgets every device. In the transaction that has raised the user's epoch, so that
   * no login under way brings any of it back.
   * @param actorId who does it; null: the service, or its operators
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
