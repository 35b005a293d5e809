import {
  documentedBodies,
  type Everywhere,
  operationsWithBodies,
  soundBodies,
  startEverywhere,
} from '../support/operations-with-bodies.js';
import { signedIn, stranger } from '../../support/people/people.js';
import { refusal, traces } from '../support/refusals.js';

const PEOPLE = ['POST /auth/register', 'POST /auth/login'];
const ADDRESSES = ['POST /auth/verify-email/resend', 'POST /auth/forgot-password'];
const LINKS = operationsWithBodies.filter((operation) => 'token' in soundBodies[operation]!());
const TOKENS = ['POST /auth/refresh', 'POST /auth/logout'];

const notStrings: [string, unknown][] = [
  ['a number', 7],
  ['a boolean', true],
  ['null', null],
  ['an array', ['canary@example.com']],
  ['an object', { canary: 1, length: 12 }],
  ['an operator', { $ne: null }],
];
/** By the type that the documentation gives: values of others. */
const notOfType: Readonly<Record<string, unknown[]>> = {
  string: notStrings.map(([, value]) => value),
  boolean: [7, 'canary', 'true', null, ['canary'], { canary: 1 }],
  integer: ['7', true, null, ['canary'], { canary: 1 }],
  array: ['canary', 7, true, null, { canary: 1 }],
  object: ['canary', 7, true, null, ['canary']],
};
const notTexts = ['', 'canary\u0000', 'canarü', 'x'.repeat(513)];
const notTokens: [string, unknown][] = [...notStrings, ...notTexts.map((text): [string, string] => [text, text])];

const pairs = <T extends unknown[]>(operations: string[], rows: T[]): [string, ...T][] =>
  operations.flatMap((operation) => rows.map((row): [string, ...T] => [operation, ...row]));

describe('A field', () => {
  let everywhere: Everywhere;

  beforeAll(async () => {
    everywhere = await startEverywhere();
  });
  afterAll(() => everywhere.service.stop());

  /** What a body is refused with, without being repeated, stored or hashed. */
  const refusedWith = async (operation: string, body: object): Promise<unknown> => {
    const before = await traces(everywhere.service);
    const answer = await everywhere.send(operation, JSON.stringify(body));
    expect(answer.text).not.toContain('canary');
    expect(await traces(everywhere.service)).toEqual(before);
    return refusal(answer);
  };

  it.each(operationsWithBodies)('of another type than it has to be is refused: %s', async (operation) => {
    let tried = 0;
    for (const [name, types] of documentedBodies.get(operation)!) {
      for (const value of notOfType[types[0]!]!) {
        if (value === null && types.includes('null')) continue;
        const told = await refusedWith(operation, { ...soundBodies[operation]!(), [name]: value });
        expect([name, value, told]).toEqual([
          name,
          value,
          [400, 'validation_failed', expect.stringMatching(`^${name}`)],
        ]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(4);
  });

  it.each(pairs(PEOPLE, notStrings))('to %s with %s in place of a string is refused', async (operation, _, value) => {
    const code = operation.endsWith('login') ? 'invalid_password' : 'not_a_string';
    const email = [400, 'validation_failed', 'email invalid_email'];
    expect(await refusedWith(operation, { ...stranger(), email: value })).toEqual(email);
    const password = [400, 'validation_failed', `password ${code}`];
    expect(await refusedWith(operation, { ...stranger(), password: value })).toEqual(password);
    expect(await refusedWith(operation, { email: value, password: value })).toHaveLength(4);
  });

  it.each(pairs(ADDRESSES, notStrings))(
    'to %s with %s in place of an address is refused',
    async (operation, _, value) => {
      const expected = [400, 'validation_failed', 'email invalid_email'];
      expect(await refusedWith(operation, { email: value })).toEqual(expected);
    },
  );

  it.each(pairs(LINKS, notTokens))('to %s with %j in place of a token is refused', async (operation, _, value) => {
    const expected = [400, 'validation_failed', 'token invalid_token_format'];
    expect(await refusedWith(operation, { ...soundBodies[operation]!(), token: value })).toEqual(expected);
  });

  it.each(pairs(TOKENS, notTokens))(
    'to %s with %j in place of a refresh token is refused',
    async (operation, _, value) => {
      const expected = [400, 'validation_failed', 'refreshToken invalid_token_format'];
      expect(await refusedWith(operation, { refreshToken: value })).toEqual(expected);
    },
  );

  it('that is unknown costs a good refresh token nothing', async () => {
    const { refreshToken } = await signedIn(everywhere.client);
    for (const operation of TOKENS) {
      const expected = [400, 'validation_failed', 'role unknown_property'];
      expect(await refusedWith(operation, { refreshToken, role: 'admin' })).toEqual(expected);
    }
    expect((await everywhere.client.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });
});
