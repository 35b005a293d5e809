import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '../platform/config/config.js';
import { KeysService } from './keys.service.js';

/** The claims of a Security Event Token, except `iss`. It describes an event, so it has no `sub` and no `exp`. */
export interface EventClaims {
  jti: string;
  aud: string;
  /** When the event happened, in seconds since the Unix epoch. It stays the same when the token is created again. */
  iat: number;
  /** Shared by all events with the same cause. */
  txn: string;
  /** RFC 9493. */
  sub_id: object;
  /** The events by type. */
  events: Readonly<Record<string, object>>;
}

/** Signs Security Event Tokens (RFC 8417). Their `typ` prevents confusion with access tokens (section 2.3). */
@Injectable()
export class EventTokensService {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeysService,
    private readonly config: Config,
  ) {}

  sign(claims: EventClaims): string {
    const { kid, privateKey } = this.keys.active;
    return this.jwt.sign(
      { iss: this.config.issuerUrl, ...claims },
      { privateKey, algorithm: 'ES256', header: { alg: 'ES256', typ: 'secevent+jwt', kid } },
    );
  }
}
