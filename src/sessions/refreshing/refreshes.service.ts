import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { SecretRing } from '../../platform/secrets/secret-ring.value.js';
import { InvalidRefreshToken } from '../sessions.errors.js';
import { decodeRefreshToken, randomNonce } from './refresh-token.value.js';
import { RefreshesRepository } from './refreshes.repository.js';
import { ReusedTokens } from './reused-tokens.service.js';
import type { LiveSession, PresentedToken } from './rotations.repository.js';

/** Takes refresh tokens for their successors. */
@Injectable()
export class Refreshes {
  constructor(
    private readonly refreshes: RefreshesRepository,
    private readonly reused: ReusedTokens,
    private readonly secrets: SecretRing,
    private readonly config: Config,
  ) {}

  /**
   * Uses the live token up. One that has just been is good for the same successor; any other was in two hands, and closes its session.
   * @returns the session, with what its next refresh token is made of
   * @throws InvalidRefreshToken
   */
  async take(token: string): Promise<LiveSession> {
    const presented = decodeRefreshToken(token, this.secrets);
    if (!presented) throw new InvalidRefreshToken();
    const rotated = await this.refreshes.rotate(presented, {
      nonce: randomNonce(),
      macKeyId: this.secrets.current.id,
      idleSeconds: this.config.refreshTokenSeconds,
    });
    return rotated ?? (await this.replay(presented));
  }

  private async replay(presented: PresentedToken): Promise<LiveSession> {
    const verdict = await this.reused.judge(presented);
    if (!verdict?.replayed) throw new InvalidRefreshToken(true);
    return verdict;
  }
}
