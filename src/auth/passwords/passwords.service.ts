import { createHmac, randomBytes } from 'node:crypto';
import { type BcryptHash, formatHash, parseHash } from '@auth-service/bcrypt-lanes';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import type { FieldError } from '../../platform/errors.js';
import { SecretRing } from '../../platform/secrets/secret-ring.value.js';
import { BreachedPasswords } from './breached-passwords.service.js';
import { isCommonPassword } from './common-passwords.service.js';
import { HashPool } from './hashing/hash-pool.service.js';
import type { PasswordKey } from './password-key.entity.js';
import { wordsOfService } from './context-words.value.js';
import { IMPORTED_SCHEME, parseImportedHash, sealForeignHash } from './imported-hash.value.js';
import { ImportedPasswords } from './imported-passwords.service.js';
import { PasswordKeysRepository } from './password-keys.repository.js';
import type { PasswordHash } from './password-hash.value.js';
import { BREACHED, normalizePassword, passwordProblem } from './password-policy.value.js';

const SEAL_LABEL = 'password-key';
/** bcrypt over base64(HMAC-SHA-384(password key, NFC(password))): 64 bytes, so bcrypt's limit of 72 cuts nothing. */
const SCHEME = 'bcrypt-hmac-sha384';

/** Hashes and verifies passwords; the work is done in the hash pool. */
@Injectable()
export class PasswordsService implements OnModuleInit {
  private keys: ReadonlyMap<string, Buffer> = new Map();
  private currentKeyId!: string;
  private decoy!: PasswordHash;
  private readonly words = wordsOfService(this.config.issuerUrl, this.config.passwordContextWords);

  constructor(
    private readonly repository: PasswordKeysRepository,
    private readonly pool: HashPool,
    private readonly secrets: SecretRing,
    private readonly config: Config,
    private readonly breached: BreachedPasswords,
    private readonly imported: ImportedPasswords,
  ) {}

  /** @throws SecretMissing if a stored key is encrypted with a secret that this process does not have */
  async onModuleInit(): Promise<void> {
    const stored = await this.repository.findAll();
    const keys = stored.length > 0 ? stored : await this.repository.findAllOrInsert(() => this.makeKey());
    this.keys = new Map(keys.map((key) => [key.id, this.open(key)]));
    this.currentKeyId = keys.at(-1)!.id;
    this.decoy = { hash: decoyHash(this.config.bcryptCost), scheme: SCHEME, passwordKeyId: this.currentKeyId };
  }

  /**
   * Checks a new password, without hashing it and without asking another server.
   * @param email the owner's email address in its stored form
   * @returns what is wrong with it, or null
   */
  problemOf(password: string, email: string): FieldError | null {
    return passwordProblem(password, email, this.config.passwordMinLength, this.words, isCommonPassword);
  }

  /**
   * The same, and finally whether it is known from a breach, which asks another server and may take a second. Never call it in
   * a transaction, or before the caller has proven the right to set a password.
   */
  async problemInWorld(password: string, email: string): Promise<FieldError | null> {
    const problem = this.problemOf(password, email);
    if (problem) return problem;
    return (await this.breached.has(password)) ? BREACHED : null;
  }

  /**
   * Cheaply refuses a request that needs a hash, before it has cost anything: under a flood, refusals must not take the time of others.
   * @throws HashQueueFull
   */
  requireRoom(): void {
    this.pool.requireRoom();
  }

  /** @throws HashQueueFull, HashingFailed */
  async hash(password: string): Promise<PasswordHash> {
    const passwordKeyId = this.currentKeyId;
    const hash = await this.pool.hash(prepare(password, this.key(passwordKeyId)), this.config.bcryptCost);
    return { hash, scheme: SCHEME, passwordKeyId };
  }

  /** What is kept of a hash that was made elsewhere; its password's next right login renews it. */
  adopt(foreign: BcryptHash): PasswordHash {
    const passwordKeyId = this.currentKeyId;
    return { hash: sealForeignHash(foreign, this.key(passwordKeyId)), scheme: IMPORTED_SCHEME, passwordKeyId };
  }

  /**
   * Takes the same time whether there is a stored password or not, and whether it is right: without one it verifies against a decoy,
   * and a hash of a lower cost is followed by the work that it saves. By its time only a hash of a higher cost shows that it exists;
   * one of a lower cost a little, by the jobs that are added, and an imported one to a password that is not in NFC.
   * @throws HashQueueFull, HashingFailed
   */
  async verify(password: string, stored: PasswordHash | null): Promise<boolean> {
    const compared = stored ?? this.decoy;
    const equal = await this.compare(password, compared);
    await this.pool.makeUp(costOf(compared) ?? this.config.bcryptCost, this.config.bcryptCost);
    return equal && stored !== null;
  }

  /** True for a hash of an older cost, scheme or key, which the next successful login renews. */
  isOutdated(stored: PasswordHash): boolean {
    const { scheme, passwordKeyId } = stored;
    return scheme !== SCHEME || passwordKeyId !== this.currentKeyId || costOf(stored) !== this.config.bcryptCost;
  }

  /** Encrypts all password keys with the first secret. @returns how many had another one @throws SecretMissing */
  rewrap(): Promise<number> {
    return this.repository.resealAll((key) =>
      key.secretId === this.secrets.current.id ? null : this.seal(key.id, this.open(key)),
    );
  }

  private compare(password: string, { hash, scheme, passwordKeyId }: PasswordHash): Promise<boolean> {
    const key = this.key(passwordKeyId);
    if (scheme === IMPORTED_SCHEME) return this.imported.compare(password, hash, key);
    return this.pool.compare(prepare(password, key), hash);
  }

  private key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new Error(`the password key ${id} is not in the database`);
    return key;
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

function prepare(password: string, key: Buffer): string {
  return createHmac('sha384', key).update(normalizePassword(password)).digest('base64');
}

function costOf({ hash, scheme }: PasswordHash): number | undefined {
  return (scheme === IMPORTED_SCHEME ? parseImportedHash(hash) : parseHash(hash))?.cost;
}

/** A valid hash that matches no password. A malformed one would be rejected faster, which would reveal who has no account. */
function decoyHash(cost: number): string {
  return formatHash({ version: '2b', cost, salt: randomBytes(16), digest: randomBytes(23) });
}
