import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import { generateKeyPair } from './key-pair.value.js';
import type { NewKey } from './signing-keys.repository.js';

const SEAL_LABEL = 'signing-key';

/** Creates and decrypts signing keys. Only a holder of `AUTH_SECRET` can use them. */
@Injectable()
export class KeySeals {
  constructor(private readonly secrets: SecretRing) {}

  /** A new key pair, whose private key is encrypted with the first secret. */
  make(): NewKey {
    const { kid, publicJwk, privateKey } = generateKeyPair();
    return { kid, publicJwk, ...this.seal(kid, privateKey.export({ format: 'der', type: 'pkcs8' })) };
  }

  /** @throws SecretMissing */
  open(key: NewKey): KeyObject {
    return createPrivateKey({ key: this.unsealed(key), format: 'der', type: 'pkcs8' });
  }

  isCurrent({ secretId }: NewKey): boolean {
    return secretId === this.secrets.current.id;
  }

  /** The same private key, encrypted with the first secret. @throws SecretMissing */
  reseal(key: NewKey): Pick<NewKey, 'secretId' | 'sealed'> {
    return this.seal(key.kid, this.unsealed(key));
  }

  private seal(kid: string, der: Buffer): Pick<NewKey, 'secretId' | 'sealed'> {
    const { secretId, bytes } = this.secrets.seal(SEAL_LABEL, der, kid);
    return { secretId, sealed: bytes };
  }

  private unsealed({ kid, secretId, sealed }: NewKey): Buffer {
    return this.secrets.open(SEAL_LABEL, { secretId, bytes: sealed }, kid);
  }
}
