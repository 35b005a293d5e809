import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { addressGroup, addressNetwork } from '../platform/http/requests/address-group.js';
import { currentRequest } from '../platform/request-context.js';
import {
  ADDRESSES_OF_A_NETWORK,
  type Bucket,
  bucketKey,
  FEW,
  GUESSES,
  HOUR_SECONDS,
  MAILS,
  type Rule,
} from './bucket.value.js';

/** What is counted when: the buckets of each kind of request. Where it comes from is found here. */
@Injectable()
export class Buckets {
  private readonly perAddress = hourly(this.config.loginFailuresPerAddress);
  private readonly perNetwork = hourly(this.config.loginFailuresPerAddress * ADDRESSES_OF_A_NETWORK);
  private readonly perService = hourly(this.config.loginFailuresPerHour);
  private readonly requestsPerAddress = hourly(this.config.requestsPerAddress);
  private readonly requestsPerNetwork = hourly(this.config.requestsPerAddress * ADDRESSES_OF_A_NETWORK);

  constructor(private readonly config: Config) {}

  /** The first is the caller's own. @param email as `parseEmailAddress` gives it */
  strangersLogin(email: string): [own: Bucket, ...others: Bucket[]] {
    return [
      { name: 'login', key: bucketKey('login', email, this.address()), rule: GUESSES },
      { ...this.failuresOfAddress(), few: FEW },
      { key: bucketKey('account', email), rule: GUESSES },
      { key: bucketKey('network', this.network()), rule: this.perNetwork, few: FEW * ADDRESSES_OF_A_NETWORK },
      { key: bucketKey('service'), rule: this.perService, yields: true },
    ];
  }

  knownDevicesLogin(email: string, device: string): [own: Bucket, ...others: Bucket[]] {
    return [{ name: 'login', key: bucketKey('device', email, device), rule: GUESSES }, this.failuresOfAddress()];
  }

  /** Somebody who is signed in shows the password once more. */
  proof(userId: string): [own: Bucket, ...others: Bucket[]] {
    return [{ name: 'password', key: bucketKey('proof', userId), rule: GUESSES }, this.failuresOfAddress()];
  }

  /** Every one counts, whatever comes of it. */
  requests(kind: 'registration' | 'mail'): Bucket[] {
    return [
      { name: kind, key: bucketKey(kind, this.address()), rule: this.requestsPerAddress },
      { key: bucketKey(`${kind}s of a network`, this.network()), rule: this.requestsPerNetwork },
    ];
  }

  /** Of what has no account behind it: only failures count. */
  failures(kind: 'refresh' | 'link'): Bucket {
    return { name: kind, key: bucketKey(kind, this.address()), rule: this.requestsPerAddress };
  }

  /** @param of what they are about */
  mailsTo(of: string, email: string): Bucket {
    return { key: bucketKey('mails to', of, email), rule: MAILS };
  }

  private failuresOfAddress(): Bucket {
    return { name: 'address', key: bucketKey('address', this.address()), rule: this.perAddress };
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
