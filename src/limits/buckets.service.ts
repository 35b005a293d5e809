import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { addressGroup, addressNetwork } from '../platform/http/callers/address-group.js';
import { currentRequest } from '../platform/request-context.js';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import {
  ADDRESSES_OF_A_NETWORK,
  type Bucket,
  REDUCED_QUOTA,
  GUESSES,
  HOUR_SECONDS,
  MAILS,
  OWN,
  type Rule,
} from './bucket.value.js';

/** Which buckets each kind of request is counted on. Takes the IP address from the current request. */
@Injectable()
export class Buckets {
  private readonly perAddress = hourly(this.config.loginFailuresPerAddress);
  private readonly perNetwork = hourly(this.config.loginFailuresPerAddress * ADDRESSES_OF_A_NETWORK);
  private readonly perService = hourly(this.config.loginFailuresPerHour);
  private readonly requestsPerAddress = hourly(this.config.requestsPerAddress);
  private readonly requestsPerNetwork = hourly(this.config.requestsPerAddress * ADDRESSES_OF_A_NETWORK);

  constructor(
    private readonly config: Config,
    private readonly secrets: SecretRing,
  ) {}

  /** The first bucket is the caller's own. @param email in the form that `parseEmailAddress` returns */
  strangersLogin(email: string): [own: Bucket, ...others: Bucket[]] {
    return [
      { name: 'login', key: this.key('login', email, this.address()), rule: GUESSES },
      { name: 'address', key: this.key('address', this.address()), rule: this.perAddress, reducedQuota: REDUCED_QUOTA },
      { key: this.key('account', email), rule: GUESSES },
      {
        key: this.key('network', this.network()),
        rule: this.perNetwork,
        reducedQuota: REDUCED_QUOTA * ADDRESSES_OF_A_NETWORK,
      },
      { key: this.key('service'), rule: this.perService, tightensOthers: true },
    ];
  }

  /** Only the device's own guesses: strangers who share its IP address, as in an office, do not lock it out. */
  knownDevicesLogin(email: string, device: string): [own: Bucket] {
    return [{ name: 'login', key: this.key('device', email, device), rule: GUESSES }];
  }

  /** A logged-in user who has to enter their password again. Nobody else's guesses count. */
  proof(userId: string): [own: Bucket] {
    return [{ name: 'password', key: this.key('proof', userId), rule: GUESSES }];
  }

  /** Requests that count whether they succeed or not. */
  requests(kind: 'registration' | 'mail'): Bucket[] {
    return this.ofCaller(kind, `${kind}s of a network`);
  }

  /** Of one account, whatever IP address the request comes from. */
  own(kind: keyof typeof OWN, userId: string): Bucket {
    return { name: kind, key: this.key(kind, userId), rule: OWN[kind] };
  }

  /** Requests without an account: only failures count. */
  failures(kind: 'refresh' | 'link'): Bucket[] {
    return this.ofCaller(kind, `bad ${kind}s of a network`);
  }

  /** @param of what the emails are about */
  mailsTo(of: string, email: string): Bucket {
    return { key: this.key('mails to', of, email), rule: MAILS };
  }

  private ofCaller(kind: string, ofNetwork: string): Bucket[] {
    return [
      { name: kind, key: this.key(kind, this.address()), rule: this.requestsPerAddress },
      { key: this.key(ofNetwork, this.network()), rule: this.requestsPerNetwork },
    ];
  }

  /**
   * An HMAC, so that the table tells nothing about people, not even to someone who guesses email addresses. With a new secret
   * counting starts over; replicas whose first secrets differ count separately.
   */
  private key(kind: string, ...whom: readonly string[]): Buffer {
    return createHmac('sha256', this.secrets.current.key('rate-limits'))
      .update([kind, ...whom].join('\0'))
      .digest();
  }

  private address(): string {
    return addressGroup(currentRequest()?.ip ?? null);
  }

  private network(): string {
    return addressNetwork(currentRequest()?.ip ?? null);
  }
}

function hourly(quota: number): Rule {
  return { quota, windowSeconds: HOUR_SECONDS, delaySeconds: 0 };
}
