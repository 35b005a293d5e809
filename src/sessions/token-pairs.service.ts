import { Injectable } from '@nestjs/common';
import { AccessTokensService } from '../keys/access-tokens.service.js';
import { Config } from '../platform/config/config.js';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import { encodeRefreshToken } from './refreshing/refresh-token.value.js';
import type { LiveSession } from './refreshing/rotations.repository.js';
import { InvalidRefreshToken } from './sessions.errors.js';

/** The tokens that a login returns. Lifetimes are in whole seconds. */
export interface TokenPair {
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  refreshExpiresIn: number;
}

/** Authentication methods of a session opened with a password (RFC 8176). */
const METHODS = ['pwd'];

/** Creates the tokens for the current state of a session. */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly accessTokens: AccessTokensService,
    private readonly secrets: SecretRing,
    private readonly config: Config,
  ) {}

  /**
   * Returns the same refresh token each time until the session is rotated.
   * @throws InvalidRefreshToken if the current token was made with a secret that this process no longer has
   */
  of({ id: sessionId, generation, nonce, ...session }: LiveSession): TokenPair {
    const secret = this.secrets.find(session.macKeyId);
    if (!secret) throw new InvalidRefreshToken();
    const { userId, email, emailVerified, role, createdAt: authenticatedAt } = session;
    const subject = { userId, email, emailVerified, role, sessionId, authenticatedAt, methods: METHODS };
    return {
      accessToken: this.accessTokens.sign(subject),
      expiresIn: this.config.accessTokenSeconds,
      refreshToken: encodeRefreshToken({ sessionId, generation, nonce }, secret),
      refreshExpiresIn: session.secondsLeft,
    };
  }
}
