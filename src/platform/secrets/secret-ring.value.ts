import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Enough to distinguish the secrets of one deployment. */
const ID_BYTES = 6;

/** Bytes encrypted with one secret of the ring, and that secret's id. */
export interface Sealed {
  secretId: string;
  bytes: Buffer;
}

/** Stored bytes are encrypted with a secret that this process does not have. */
export class SecretMissing extends Error {
  constructor(readonly secretId: string) {
    super(`AUTH_SECRET lacks the secret with the id ${secretId}, which encrypts stored keys. Add it to the list.`);
    this.name = 'SecretMissing';
  }
}

/** One secret of `AUTH_SECRET`. Keys are derived from it with HKDF-SHA-256 (RFC 5869), one per label. */
export class Secret {
  /** Public. It identifies the secret and reveals nothing about it. */
  readonly id: string;
  private readonly derived = new Map<string, KeyObject>();

  constructor(private readonly bytes: Buffer) {
    this.id = this.expand('id', ID_BYTES).toString('base64url');
  }

  /** @returns a 32-byte key for a purpose, as a KeyObject: creating one at each use takes longer on Node 24 than a MAC */
  key(label: string): KeyObject {
    let key = this.derived.get(label);
    if (!key) this.derived.set(label, (key = createSecretKey(this.expand(label, 32))));
    return key;
  }

  private expand(label: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, Buffer.alloc(0), `auth-service/${label}`, length));
  }
}

/** The secrets of `AUTH_SECRET`. The first protects new data and all are accepted, so that secrets can be replaced. */
export class SecretRing {
  readonly current: Secret;
  private readonly byId: ReadonlyMap<string, Secret>;

  constructor(secrets: readonly Buffer[]) {
    const [first, ...others] = secrets.map((bytes) => new Secret(bytes));
    if (!first) throw new Error('a ring of secrets needs at least one');
    this.current = first;
    this.byId = new Map([first, ...others].map((secret) => [secret.id, secret]));
  }

  find(id: string): Secret | undefined {
    return this.byId.get(id);
  }

  /** Encrypts with AES-256-GCM. @param context additional authenticated data: `open` needs the same */
  seal(label: string, plain: Buffer, context: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.key(label), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { secretId: this.current.id, bytes: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /**
   * @throws SecretMissing if the secret is not in the ring
   * @throws Error if the bytes or their context were changed
   */
  open(label: string, sealed: Sealed, context: string): Buffer {
    const secret = this.byId.get(sealed.secretId);
    if (!secret) throw new SecretMissing(sealed.secretId);
    const { bytes } = sealed;
    const decipher = createDecipheriv('aes-256-gcm', secret.key(label), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  }
}
