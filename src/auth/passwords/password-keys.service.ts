import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SecretRing } from '../../platform/secrets/secret-ring.value.js';
import type { PasswordKey } from './password-key.entity.js';
import { PasswordKeysRepository } from './password-keys.repository.js';

const SEAL_LABEL = 'password-key';

/** The keys that passwords pass through before they are hashed. They are stored encrypted. */
@Injectable()
export class PasswordKeys implements OnModuleInit {
  private keys: ReadonlyMap<string, Buffer> = new Map();
  private newestId!: string;

  constructor(
    private readonly repository: PasswordKeysRepository,
    private readonly secrets: SecretRing,
  ) {}

  /** @throws SecretMissing if a stored key is encrypted with a secret that this process does not have */
  async onModuleInit(): Promise<void> {
    const stored = await this.repository.findAll();
    const keys = stored.length > 0 ? stored : await this.repository.findAllOrInsert(() => this.makeKey());
    this.keys = new Map(keys.map((key) => [key.id, this.open(key)]));
    this.newestId = keys.at(-1)!.id;
  }

  /** The id of the key for new hashes. */
  get currentId(): string {
    return this.newestId;
  }

  /** @returns 48 bytes */
  get(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new Error(`the password key ${id} is not in the database`);
    return key;
  }

  /** Encrypts all keys with the first secret. @returns how many had another one @throws SecretMissing */
  rewrap(): Promise<number> {
    return this.repository.resealAll((key) =>
      key.secretId === this.secrets.current.id ? null : this.seal(key.id, this.open(key)),
    );
  }

  private makeKey(): { id: string; secretId: string; sealed: Buffer } {
    const id = randomBytes(9).toString('base64url');
    return { id, ...this.seal(id, randomBytes(48)) };
  }

  private seal(id: string, key: Buffer): { secretId: string; sealed: Buffer } {
    const { secretId, bytes } = this.secrets.seal(SEAL_LABEL, key, id);
    return { secretId, sealed: bytes };
  }

  private open({ id, secretId, sealed }: PasswordKey): Buffer {
    return this.secrets.open(SEAL_LABEL, { secretId, bytes: sealed }, id);
  }
}
