import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { Client } from '../../support/http/client.js';

type Jwk = JsonWebKey & { kid: string };

export const headerOf = (set: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(set.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

/** By what is published alone, as others do. */
export async function verifies(client: Client, set: string): Promise<boolean> {
  const { body } = await client.get('/.well-known/jwks.json');
  const key = (body.keys as Jwk[]).find(({ kid }) => kid === headerOf(set).kid)!;
  const [header, payload, signature] = set.split('.') as [string, string, string];
  return verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}
