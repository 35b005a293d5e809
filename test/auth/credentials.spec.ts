import { PasswordRefused, WrongPassword } from '../../src/auth/auth.errors.js';
import { CredentialsService } from '../../src/auth/credentials/credentials.service.js';
import { PasswordProofs } from '../../src/auth/credentials/password-proofs.service.js';
import { InvalidOneTimeToken } from '../../src/one-time-tokens/one-time-tokens.errors.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { claimsOf, logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const REASON = { reason: 'password_changed' } as const;

describe('Credentials', () => {
  let service: TestService;
  let client: Client;
  let credentials: CredentialsService;
  let proofs: PasswordProofs;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    credentials = service.app.get(CredentialsService, { strict: false });
    proofs = service.app.get(PasswordProofs, { strict: false });
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ person: Person; userId: string; tokens: Tokens }> => {
    const person = stranger();
    const { userId, ...tokens } = await signedIn(client, person);
    return { person, userId, tokens };
  };
  const refresh = async ({ refreshToken }: Tokens): Promise<number> =>
    (await client.post('/auth/refresh', { refreshToken })).status;

  it('are proven by the right password only, and by none of a disabled account', async () => {
    const { person, userId } = await someone();
    expect(await proofs.prove(userId, person.password)).toMatchObject({ id: userId, email: person.email });
    await expect(proofs.prove(userId, 'another password')).rejects.toThrow(WrongPassword);
    await service.database.query('UPDATE users SET disabled_at = now() WHERE id = $1', [userId]);
    await expect(proofs.prove(userId, person.password)).rejects.toThrow(WrongPassword);
  });

  it('refuse a new password that breaks the rules, by the name that the caller gave it', async () => {
    const refusal = credentials.prepare('short', 'ada@example.com', 'newPassword');
    await expect(refusal).rejects.toThrow(PasswordRefused);
    await expect(refusal).rejects.toMatchObject({ errors: [{ field: 'newPassword', code: 'too_short' }] });
  });

  it('are replaced together with every other session and every link by mail', async () => {
    const { person, userId, tokens } = await someone();
    const here = await logIn(client, person);
    const links = service.app.get(OneTimeTokensService, { strict: false });
    const link = (await links.issue(userId, 'reset_password', person.email))!;
    const proven = await proofs.prove(userId, person.password);
    const password = await credentials.prepare('an entirely new one', person.email);
    const keep = claimsOf(here.accessToken).sid as string;
    expect(await credentials.replace(proven, password, { ...REASON, keep })).toBe(true);
    expect(await refresh(tokens)).toBe(401);
    expect(await refresh(here)).toBe(200);
    await expect(links.find(link, 'reset_password')).rejects.toThrow(InvalidOneTimeToken);
    await expect(logIn(client, person)).rejects.toThrow('401');
    await logIn(client, { ...person, password: 'an entirely new one' });
  });

  it('are replaced by one of two who proved the same password', async () => {
    const { person, userId, tokens } = await someone();
    const proven = await proofs.prove(userId, person.password);
    const one = await credentials.prepare('the first new password', person.email);
    const two = await credentials.prepare('the second new password', person.email);
    const replaced = await Promise.all([one, two].map((next) => credentials.replace(proven, next, REASON)));
    expect(replaced.toSorted()).toEqual([false, true]);
    expect(await refresh(tokens)).toBe(401);
  });
});
