import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { KeySource } from '@auth-service/guard';
import { Metrics } from '../platform/instruments/metrics.js';
import type { PublicJwk } from './key-pair.value.js';
import { signingKey } from './rotation/key-rota.value.js';
import { KeySeals } from './key-seals.service.js';
import { SigningKeysRepository, type StoredKey } from './signing-keys.repository.js';

/** A public key in its published form (RFC 7517). */
export type PublishedJwk = PublicJwk & { kid: string; use: 'sig'; alg: 'ES256' };

/** The current private key and its id. */
interface Signer {
  kid: string;
  privateKey: KeyObject;
}

/** The keys that sign and verify access tokens, as last read from the database. */
@Injectable()
export class KeysService implements OnModuleInit, KeySource {
  private signer: Signer | undefined;
  /** The id of the key that must sign, as last read. */
  private signingKid: string | undefined;
  private verifiers: ReadonlyMap<string, KeyObject> = new Map();
  private published: readonly PublishedJwk[] = [];
  private activatedAt: Date | null = null;
  private readAt: Date | null = null;
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly seals: KeySeals,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'auth_signing_key_activated_timestamp_seconds',
      'When the current signing key started to sign, in seconds since the Unix epoch.',
      () => secondsOf(this.activatedAt),
    );
    metrics.gauge(
      'auth_signing_keys_read_timestamp_seconds',
      'When the keys were last read, by the clock of the database, in seconds since the Unix epoch.',
      () => secondsOf(this.readAt),
    );
    metrics.gauge('auth_signing_keys_published', 'Published keys that verify tokens.', () => this.published.length);
  }

  /** @throws SecretMissing if a stored key is encrypted with a secret that this process does not have */
  async onModuleInit(): Promise<void> {
    const stored = await this.keys.findAll();
    const keys = stored.length > 0 ? stored : await this.makeFirst();
    this.use(keys);
    // A standby key that cannot be decrypted must be noticed now, not when it takes over.
    for (const key of keys.filter(({ retiredAt }) => retiredAt === null)) this.seals.open(key);
  }

  /** The current signing key and its id. */
  get active(): Signer {
    if (!this.signer) throw new Error('the signing keys have not been read yet');
    return this.signer;
  }

  /** False while the key that must sign cannot be decrypted. An older key then keeps signing, and may no longer be accepted. */
  get signsAsItShould(): boolean {
    return this.signer !== undefined && this.signer.kid === this.signingKid;
  }

  find(kid: string): KeyObject | undefined {
    return this.verifiers.get(kid);
  }

  /** The public keys of all tokens that may still be valid, and of one standby key that does not sign yet (RFC 7517). */
  jwks(): { keys: readonly PublishedJwk[] } {
    return { keys: this.published };
  }

  /**
   * Reads the keys again. Reads run one at a time, so that an older result never replaces a newer one.
   * @throws SecretMissing if the signing key cannot be decrypted; the previous key keeps signing
   */
  reload(): Promise<StoredKey[]> {
    const read = async (): Promise<StoredKey[]> => {
      const stored = await this.keys.findAll();
      this.use(stored);
      return stored;
    };
    const reloaded = this.reading.then(read);
    this.reading = reloaded.catch(() => undefined);
    return reloaded;
  }

  private use(stored: readonly StoredKey[]): void {
    const signing = signingKey(stored);
    if (!signing) throw new Error('the database holds no signing key that is active');
    // Update the public keys first: even a replica that cannot decrypt the new key must refuse a revoked one.
    this.verifiers = new Map(stored.map((key) => [key.kid, this.verifiers.get(key.kid) ?? verifierOf(key)]));
    this.published = stored.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig', alg: 'ES256' }));
    this.signingKid = signing.kid;
    this.activatedAt = signing.activatedAt;
    this.readAt = signing.readAt;
    if (this.signer?.kid !== signing.kid) this.signer = { kid: signing.kid, privateKey: this.seals.open(signing) };
  }

  /** Stores a signing key and a standby key. If several replicas try at once, exactly one succeeds. */
  private makeFirst(): Promise<StoredKey[]> {
    return this.keys.changeAlone(async (present) => {
      if (present.length > 0) return present;
      const [first, next] = [this.seals.make(), this.seals.make()];
      await this.keys.insert(first);
      await this.keys.activate(first.kid);
      await this.keys.insert(next);
      return this.keys.findAll();
    });
  }
}

function verifierOf({ publicJwk }: StoredKey): KeyObject {
  return createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
}

function secondsOf(time: Date | null): number {
  if (!time) throw new Error('the signing keys have not been read yet');
  return time.getTime() / 1000;
}
