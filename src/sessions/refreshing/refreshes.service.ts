import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { SecretRing } from '../../platform/secrets/secret-ring.value.js';
import { InvalidRefreshToken } from '../sessions.errors.js';
import { decodeRefreshToken, randomNonce } from './refresh-token.value.js';
import { RefreshesRepository } from './refreshes.repository.js';
import { ReusedTokens } from './reused-tokens.service.js';
import type { LiveSession, PresentedToken } from './rotations.repository.js';

/** Exchanges refresh tokens for their successors. */
@Injectable()
export class Refreshes {
  constructor(
    private readonly refreshes: RefreshesRepository,
    private readonly reused: ReusedTokens,
    private readonly secrets: SecretRing,
    private readonly config: Config,
  ) {}

  /**
   * Uses up the current token. A token that was used a moment ago returns the same successor; an older one may be stolen, so its
   * session is closed.
   * @returns the session, with the data for its next refresh token
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
