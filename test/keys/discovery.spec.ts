import { createPublicKey, verify } from 'node:crypto';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

interface Jwk {
  kid: string;
  [name: string]: string;
}

describe('Discovery', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const publishedKeys = async (): Promise<Jwk[]> => (await client.get('/.well-known/jwks.json')).body.keys as Jwk[];

  it('publishes the signing key and one standby key, and only their public halves', async () => {
    const key = {
      kty: 'EC',
      crv: 'P-256',
      x: expect.stringMatching(/^[\w-]{43}$/),
      y: expect.stringMatching(/^[\w-]{43}$/),
      kid: expect.stringMatching(/^[\w-]{43}$/),
      use: 'sig',
      alg: 'ES256',
    };
    expect(await publishedKeys()).toEqual([key, key]);
  });

  it('lets anyone verify an access token with nothing but the published keys', async () => {
    const { accessToken } = await signedIn(client);
    const [header = '', payload = '', signature = ''] = accessToken.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const jwk = (await publishedKeys()).find((key) => key.kid === kid)!;
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('may be cached for five minutes and answers 304 to the ETag it gave', async () => {
    const first = await client.get('/.well-known/jwks.json');
    expect(first.headers.get('cache-control')).toBe(
      'public, max-age=300, stale-while-revalidate=600, stale-if-error=86400',
    );
    const etag = first.headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await client.get('/.well-known/jwks.json', { headers: { 'if-none-match': known } });
      expect([again.status, again.text]).toEqual([304, '']);
    }
    expect((await client.get('/.well-known/jwks.json', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('names the issuer and its keys in the metadata of RFC 8414', async () => {
    const answer = await client.get('/.well-known/oauth-authorization-server');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      issuer: 'http://localhost:3000',
      jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
      response_types_supported: [],
    });
  });

  it('keeps private halves only encrypted, and opens them only with the secret', async () => {
    const rows = await service.database.query<{ sealed: Buffer; public_jwk: object }>('SELECT * FROM signing_keys');
    for (const { sealed, public_jwk } of rows) {
      expect(sealed.includes(Buffer.from('06072a8648ce3d0201', 'hex'))).toBe(false);
      expect(public_jwk).not.toHaveProperty('d');
    }
    const secretId = (await service.database.query<{ secret_id: string }>('SELECT secret_id FROM signing_keys'))[0]!;
    await expect(startService({ database: service.database })).rejects.toThrow(secretId.secret_id);
  });

  it('gives every replica that starts on one database the same keys', async () => {
    const settings = { AUTH_SECRET: service.config.authSecrets[0]!.toString('base64url') };
    const replica = await startService({ database: service.database, settings });
    try {
      const theirs = (await new Client(replica.url).get('/.well-known/jwks.json')).body;
      expect(theirs.keys).toEqual(await publishedKeys());
    } finally {
      await replica.stop();
    }
  });
});
