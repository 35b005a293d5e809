import { SecretRing } from '../../../src/platform/secrets/secret-ring.value.js';
import type { Answer } from '../../support/http/client.js';
import type { TestService } from '../../support/service/service.js';
import { signingKeysOf } from './signing-keys.js';

const LABELS = ['refresh-token', 'signing-key', 'password-key'];

/** Bytes as anything might print them. */
function spellings(bytes: Buffer): string[] {
  return [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}

/** What only the service's process may hold, by name: keys, hashes, and what they are derived from. */
export async function ownSecrets(service: TestService): Promise<Map<string, string>> {
  const ring = new SecretRing(service.config.authSecrets);
  const keys = Object.values(await signingKeysOf(service)).map(({ privateKey }) => privateKey);
  const passwordKeys = await service.database.query<{ id: string; secret_id: string; sealed: Buffer }>(
    'SELECT id, secret_id, sealed FROM password_keys',
  );
  const hashes = await service.database.query<{ hash: string }>('SELECT hash FROM credentials');
  const bytes: [string, Buffer][] = [
    ...service.config.authSecrets.map((secret): [string, Buffer] => ['AUTH_SECRET', secret]),
    ...LABELS.map((label): [string, Buffer] => [`the derived key ${label}`, ring.current.key(label).export()]),
    ...keys.map((key): [string, Buffer] => ['a signing key', key.export({ format: 'der', type: 'pkcs8' })]),
    ...keys.map((key): [string, Buffer] => ['d', Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')]),
    ...passwordKeys.map(({ id, secret_id, sealed }): [string, Buffer] => [
      'a password key',
      ring.open('password-key', { secretId: secret_id, bytes: sealed }, id),
    ]),
  ];
  const texts = bytes.flatMap(([name, value]) => spellings(value).map((text): [string, string] => [text, name]));
  const ofDatabase = new URL(service.config.databaseUrl).password;
  if (ofDatabase.length < 8) throw new Error('the password of the database is too short to be looked for');
  texts.push([ofDatabase, 'the password of the database'], [decodeURIComponent(ofDatabase), 'the same, decoded']);
  return new Map([...texts, ...hashes.map(({ hash }): [string, string] => [hash.slice(7), 'a bcrypt hash'])]);
}

/** The tokens that an answer gives out, whole and by the part that proves them: a signature or a MAC. */
export function issuedBy(answer: Answer): string[] {
  const { accessToken, refreshToken } = answer.body;
  const cookies = answer.headers.get('set-cookie') ?? '';
  const cookie = /refresh_token=([^;]{40,})/.exec(cookies)?.[1];
  const device = answer.headers.get('x-device-token') ?? /device_token=([^;]{40,})/.exec(cookies)?.[1];
  const whole = [accessToken, refreshToken, cookie, device].filter((token) => typeof token === 'string');
  return whole.flatMap((token) => [token, token.slice(-43)]);
}
