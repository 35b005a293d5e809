import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { KeySource } from '@auth-service/guard';
import { Clock } from '../platform/clock.js';
import { SecretRing } from '../platform/secrets/secret-ring.value.js';
import { generateKeyPair, type PublicJwk } from './key-pair.value.js';
import type { SigningKey } from './signing-key.entity.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

const SEAL_LABEL = 'signing-key';

/** A public key as it is published (RFC 7517). */
export type PublishedJwk = PublicJwk & { kid: string; use: 'sig'; alg: 'ES256' };

/** The keys that sign access tokens, and what verifies them. */
@Injectable()
export class KeysService implements OnModuleInit, KeySource {
  private signer!: { kid: string; privateKey: KeyObject };
  private verifiers: ReadonlyMap<string, KeyObject> = new Map();
  private published: readonly PublishedJwk[] = [];

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly secrets: SecretRing,
    private readonly clock: Clock,
  ) {}

  /** @throws SecretMissing when a stored key was encrypted under a secret this process was not given */
  async onModuleInit(): Promise<void> {
    const stored = await this.keys.findAll();
    this.load(stored.length > 0 ? stored : await this.keys.findAllOrInsert(() => this.makeFirst()));
  }

  /** The key that signs now, and its id. */
  get active(): { kid: string; privateKey: KeyObject } {
    return this.signer;
  }

  find(kid: string): KeyObject | undefined {
    return this.verifiers.get(kid);
  }

  /** What verifies every token that may still be alive, and one standby key that signs nothing yet (RFC 7517). */
  jwks(): { keys: readonly PublishedJwk[] } {
    return { keys: this.published };
  }

  private load(stored: SigningKey[]): void {
    const opened = stored.map((key) => ({ key, privateKey: this.open(key) }));
    const active = opened.findLast(({ key }) => key.activatedAt !== null);
    if (!active) throw new Error('the database holds signing keys, but none that is active');
    this.signer = { kid: active.key.kid, privateKey: active.privateKey };
    this.verifiers = new Map(
      stored.map((key) => [key.kid, createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' })]),
    );
    this.published = stored.map(({ kid, publicJwk }) => ({
      ...publicJwk,
      kid,
      use: 'sig' as const,
      alg: 'ES256' as const,
    }));
  }

  private open(key: SigningKey): KeyObject {
    const der = this.secrets.open(SEAL_LABEL, { secretId: key.secretId, bytes: key.sealed }, key.kid);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  }

  private makeFirst(): Omit<SigningKey, 'createdAt'>[] {
    return [this.clock.now(), null].map((activatedAt) => {
      const { kid, publicJwk, privateKey } = generateKeyPair();
      const der = privateKey.export({ format: 'der', type: 'pkcs8' });
      const { secretId, bytes } = this.secrets.seal(SEAL_LABEL, der, kid);
      return { kid, publicJwk, secretId, sealed: bytes, activatedAt };
    });
  }
}
