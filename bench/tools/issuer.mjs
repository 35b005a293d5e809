import { once } from 'node:events';
import { createServer } from 'node:http';
import { TestIssuer } from '@auth-service/guard/testing';

/** An issuer as far as a guard asks: its metadata and its keys, and a token of somebody's. */
export async function publish() {
  const server = createServer((request, response) => response.end(JSON.stringify(documents(request.url)))).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  const people = new TestIssuer({ issuer });
  const token = people.signIn();
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  const keys = [{ ...people.find(kid)?.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }];
  const documents = (/** @type {string | undefined} */ path) =>
    path === '/keys' ? { keys } : { issuer, jwks_uri: `${issuer}/keys` };
  return { issuer, token, newToken: () => people.signIn(), close: () => server.close() };
}
