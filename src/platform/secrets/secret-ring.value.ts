import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Long enough to tell the secrets of one deployment apart, far too short to say anything about one. */
const ID_BYTES = 6;

/** Bytes encrypted under one secret of the ring, with that secret's id. */
export interface Sealed {
  secretId: string;
  bytes: Buffer;
}

/** Stored bytes were sealed under a secret that this process was not given. */
export class SecretMissing extends Error {
  constructor(readonly secretId: string) {
    super(`AUTH_SECRET lacks the secret with the id ${secretId}, which encrypts stored keys. Add it to the list.`);
    this.name = 'SecretMissing';
  }
}

/** A secret of `AUTH_SECRET`: keys are derived from it by HKDF-SHA-256, each with a label of its own (RFC 5869). */
export class Secret {
  /** Public: says which secret made something, and nothing about it. */
  readonly id: string;
  private readonly derived = new Map<string, KeyObject>();

  constructor(private readonly bytes: Buffer) {
    this.id = this.expand('id', ID_BYTES).toString('base64url');
  }

  /** @returns the key of 32 bytes for a purpose; as bytes it would be made into one at each use, which on Node 24 takes longer than a MAC */
  key(label: string): KeyObject {
    let key = this.derived.get(label);
    if (!key) this.derived.set(label, (key = createSecretKey(this.expand(label, 32))));
    return key;
  }

  private expand(label: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, Buffer.alloc(0), `auth-service/${label}`, length));
  }
}

/** The secrets of `AUTH_SECRET`: the first makes, every one is accepted, so that one can follow another. */
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

  /** Encrypts with AES-256-GCM. @param context bound to the result: it opens only where it was made for */
  seal(label: string, plain: Buffer, context: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.key(label), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { secretId: this.current.id, bytes: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /**
   * @throws SecretMissing when the secret it was sealed under is not in the ring
   * @throws Error when the bytes or their context were changed
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
