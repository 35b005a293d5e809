import { randomBytes } from 'node:crypto';
import { SecretRing } from '../../src/platform/secrets/secret-ring.value.js';
import { keysIn, kidOf, letPass, signerOf, untilFollowed } from '../keys/support/keys.js';
import type { TestDatabase } from '../support/database/database.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { endCommands, runBeside } from './support/commands.js';

const [old, fresh] = [randomBytes(32), randomBytes(32)];
const secretOf = (...secrets: Buffer[]): string => secrets.map((bytes) => bytes.toString('base64url')).join(',');

describe('npm run keys', () => {
  let database: TestDatabase;
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { AUTH_SECRET: secretOf(fresh, old) } });
    database = service.database;
    client = new Client(service.url);
  });
  afterAll(() => endCommands(service));

  /** @returns what it said, once it has ended with `code` */
  const keys = async (words: string[], code = 0, AUTH_SECRET = secretOf(old)): Promise<string> => {
    const said = await runBeside(service, ['keys', ...words], { code, settings: { AUTH_SECRET, LOG_LEVEL: 'error' } });
    for (const secret of [old, fresh]) expect(said).not.toContain(secret.toString('base64url'));
    return said;
  };
  const idOf = (secret: Buffer): string => new SecretRing([secret]).current.id;

  it('says what there is to ask for when it does not understand', async () => {
    const said = await keys(['revoke'], 1);
    for (const name of ['list', 'rotate', 'revoke KID', 'rewrap']) expect(said).toContain(`npm run keys -- ${name} `);
  });

  it('lists each key and what it does', async () => {
    const said = await keys(['list'], 0, secretOf(fresh));
    const [signing, standby] = [await kidOf(database, 'signing'), await kidOf(database, 'standby')];
    const at = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
    const sealed = `; encrypted with ${idOf(fresh)}\n`;
    expect(said).toMatch(new RegExp(`^${signing}  signing since ${at}${sealed}`, 'm'));
    expect(said).toMatch(new RegExp(`^${standby}  standby since ${at}, can sign from ${at}${sealed}`, 'm'));
    expect(said.trim().split('\n')).toHaveLength(2);
  });

  it('rotates once the next key may sign, and says from when on it may', async () => {
    const before = await keysIn(database);
    expect(await keys(['rotate'], 1, secretOf(fresh))).toMatch(/cannot sign before \d{4}-/);
    expect(await keysIn(database)).toEqual(before);
    await letPass(database, '16 minutes');
    const next = await kidOf(database, 'standby');
    expect(await keys(['rotate'], 0, secretOf(fresh))).toContain(`${next} is now the signing key`);
    await untilFollowed(client, database);
    expect(signerOf((await signedIn(client)).accessToken)).toBe(next);
  });

  it('revokes a key at once, and names its successor', async () => {
    const { accessToken } = await signedIn(client);
    const next = await kidOf(database, 'standby');
    expect(await keys(['revoke', signerOf(accessToken)], 0, secretOf(fresh))).toContain(
      `${next} is now the signing key`,
    );
    await untilFollowed(client, database);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(401);
    expect(await keys(['revoke', 'nothing'], 1, secretOf(fresh))).toContain('There is no signing key nothing');
  });

  it('seals all keys anew under the first secret, so that it alone opens them', async () => {
    const count = (await keysIn(database)).length;
    const said = await keys(['rewrap'], 0, secretOf(old, fresh));
    expect(said).toContain(`the secret ${idOf(old)}: signing keys ${count}, password keys 1, jobs `);
    expect(said).toContain('(7 days)');
    await keys(['list'], 0, secretOf(old));
    expect(await keys(['rewrap'], 0, secretOf(old, fresh))).toContain('signing keys 0, password keys 0, jobs 0.');
    expect(await keys(['list'], 1, secretOf(fresh))).toContain(`AUTH_SECRET lacks the secret with the id ${idOf(old)}`);
  });
});
