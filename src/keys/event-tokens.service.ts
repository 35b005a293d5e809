import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '../platform/config/config.js';
import { KeysService } from './keys.service.js';

/** The claims of a Security Event Token but for its issuer. It has no `sub` and no `exp`: it says that something happened. */
export interface EventClaims {
  jti: string;
  aud: string;
  /** When it happened, in seconds since 1970: the same each time the token is made again. */
  iat: number;
  /** What the events of one cause have in common. */
  txn: string;
  /** RFC 9493. */
  sub_id: object;
  /** By their types. */
  events: Readonly<Record<string, object>>;
}

/** Signs Security Event Tokens (RFC 8417). Their `typ` keeps them from being taken for access tokens (section 2.3). */
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
