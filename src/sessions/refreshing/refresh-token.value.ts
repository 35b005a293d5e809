import { createHmac, randomFillSync, timingSafeEqual } from 'node:crypto';
import { parse as uuidBytes, stringify as uuidText } from 'uuid';
import type { Secret, SecretRing } from '../../platform/secrets/secret-ring.value.js';

const MAC_LABEL = 'refresh-token';
const NONCE_BYTES = 16;
/** session id 16, generation 4, nonce 16, key id 6, MAC 32 */
const LAYOUT = { generation: 16, nonce: 20, keyId: 36, mac: 42, end: 74 } as const;

/** The column is a PostgreSQL integer, and the next generation must fit, too. No session is refreshed that often. */
const MAX_GENERATION = 2 ** 31 - 2;

/** The content of a refresh token: the session, and which of its tokens this is. */
export interface RefreshTokenContent {
  sessionId: string;
  generation: number;
  nonce: Buffer;
}

/** Random bytes are generated in advance, as in `randomUUID`: 16 bytes cost nearly as much as this whole buffer. */
const ahead = Buffer.alloc(128 * NONCE_BYTES);
let given = ahead.length;

export function randomNonce(): Buffer {
  if (given === ahead.length) {
    randomFillSync(ahead);
    given = 0;
  }
  const nonce = Buffer.from(ahead.subarray(given, given + NONCE_BYTES)); // a copy, because the buffer is refilled
  given += NONCE_BYTES;
  return nonce;
}

function mac(secret: Secret, body: Buffer): Buffer {
  return createHmac('sha256', secret.key(MAC_LABEL)).update(body).digest();
}

/** Deterministic: the same content and secret give the same token. @returns base64url text of 99 characters */
export function encodeRefreshToken(content: RefreshTokenContent, secret: Secret): string {
  const body = Buffer.alloc(LAYOUT.mac);
  body.set(uuidBytes(content.sessionId), 0);
  body.writeUInt32BE(content.generation, LAYOUT.generation);
  content.nonce.copy(body, LAYOUT.nonce);
  body.write(secret.id, LAYOUT.keyId, 'base64url');
  return Buffer.concat([body, mac(secret, body)]).toString('base64url');
}

/** @returns null if the token was not made with one of these secrets. Needs no query */
export function decodeRefreshToken(token: string, secrets: SecretRing): RefreshTokenContent | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== LAYOUT.end || bytes.toString('base64url') !== token) return null;
  const body = bytes.subarray(0, LAYOUT.mac);
  const secret = secrets.find(body.toString('base64url', LAYOUT.keyId));
  if (!secret || !timingSafeEqual(mac(secret, body), bytes.subarray(LAYOUT.mac))) return null;
  const generation = body.readUInt32BE(LAYOUT.generation);
  if (generation > MAX_GENERATION) return null;
  return {
    sessionId: uuidText(body.subarray(0, LAYOUT.generation)),
    generation,
    nonce: body.subarray(LAYOUT.nonce, LAYOUT.keyId),
  };
}
