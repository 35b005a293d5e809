import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret, SecretRing } from '../platform/secrets/secret-ring.value.js';

const MAC_LABEL = 'device-token';
const ID_BYTES = 16;
const KEY_ID_BYTES = 6;
const MAC_BYTES = 32;
const TAIL_BYTES = KEY_ID_BYTES + MAC_BYTES;

/** Maximum number of accounts per token. */
const MOST_IDS = 8;

/** Longest token, in characters. */
export const DEVICE_TOKEN_MAX_LENGTH = Math.ceil(((MOST_IDS * ID_BYTES + TAIL_BYTES) * 4) / 3);

export function randomDeviceId(): Buffer {
  return randomBytes(ID_BYTES);
}

function mac(secret: Secret, body: Buffer): Buffer {
  return createHmac('sha256', secret.key(MAC_LABEL)).update(body).digest();
}

/**
 * Creates a device token (OWASP's device cookie): a random id for each account that logged in on the device, newest first, the
 * id of the key, and a MAC over all. Beyond eight accounts the oldest is dropped.
 * @param ids 16 bytes each
 * @returns base64url text
 */
export function encodeDeviceToken(ids: readonly Buffer[], secret: Secret): string {
  const body = Buffer.concat([...ids.slice(0, MOST_IDS), Buffer.from(secret.id, 'base64url')]);
  return Buffer.concat([body, mac(secret, body)]).toString('base64url');
}

/** @returns the ids; none if the token was not made with one of these secrets. Needs no query */
export function decodeDeviceToken(token: string, secrets: SecretRing): Buffer[] {
  if (token.length > DEVICE_TOKEN_MAX_LENGTH) return [];
  const bytes = Buffer.from(token, 'base64url');
  const count = (bytes.length - TAIL_BYTES) / ID_BYTES;
  if (!Number.isInteger(count) || count < 1 || bytes.toString('base64url') !== token) return [];
  const body = bytes.subarray(0, -MAC_BYTES);
  const secret = secrets.find(body.toString('base64url', count * ID_BYTES));
  if (!secret || !timingSafeEqual(mac(secret, body), bytes.subarray(-MAC_BYTES))) return [];
  return Array.from({ length: count }, (_, i) => body.subarray(i * ID_BYTES, (i + 1) * ID_BYTES));
}
