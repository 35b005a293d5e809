import type { Client } from '../http/client.js';

/** Someone with an account, or about to have one. */
export interface Person {
  email: string;
  password: string;
}

export const ada: Person = { email: 'ada@example.com', password: 'the analytical engine' };
export const grace: Person = { email: 'grace@example.com', password: 'nanoseconds of wire' };

/** What a login or a refresh answers. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  refreshExpiresIn: number;
}

let strangers = 0;

/** Somebody nobody has seen before. */
export function stranger(): Person {
  strangers += 1;
  return { email: `stranger-${process.pid}-${strangers}@example.com`, password: 'a password of my own' };
}

/** @returns the id of the new account */
export async function register(client: Client, person: Person): Promise<string> {
  const answer = await client.post('/auth/register', person);
  if (answer.status !== 201) throw new Error(`registration answered ${answer.status} ${answer.text}`);
  return answer.body.id as string;
}

export async function logIn(client: Client, person: Person): Promise<Tokens> {
  const answer = await client.post('/auth/login', person);
  if (answer.status !== 200) throw new Error(`login answered ${answer.status} ${answer.text}`);
  return answer.body as unknown as Tokens;
}

/** A new account, logged in. */
export async function signedIn(client: Client, person: Person = stranger()): Promise<Tokens & { userId: string }> {
  const userId = await register(client, person);
  return { ...(await logIn(client, person)), userId };
}

/** What an access token claims, unverified. */
export function claimsOf(accessToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >;
}
