import { randomBytes } from 'node:crypto';
import { KeyRotation } from '../../src/keys/rotation/key-rotation.service.js';
import { SecretRing } from '../../src/platform/secrets/secret-ring.value.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { until } from '../support/time/until.js';
import { kidOf, letPass, signerOf, untilFollowed } from './support/keys.js';

const settings = { AUTH_SECRET: randomBytes(32).toString('base64url') };
/** What a pooled replica asks of its role: here the two URLs differ, as if the first led through a pooler. */
const LIMITS = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'];

describe('A replica that does not hear the others', () => {
  let database: TestDatabase;
  let gate: Gate;
  let service: TestService;
  let rotation: KeyRotation;
  let deaf: TestService | undefined;

  beforeAll(async () => {
    database = await createDatabase();
    for (const name of LIMITS) {
      await database.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET ${name} = '5s'`);
    }
    gate = await openGate(database.url);
    service = await startService({ database, settings });
    rotation = service.app.get(KeyRotation, { strict: false });
  });
  afterEach(() => deaf?.stop());
  afterAll(async () => {
    await service.stop();
    await gate.stop();
    await database.drop();
  });

  it('follows by looking for itself, and has a token of a key revoked elsewhere refused', async () => {
    deaf = await startService({ database, settings: { ...settings, DATABASE_DIRECT_URL: gate.url } });
    const client = new Client(deaf.url);
    await until(async () => gate.connections > 0);
    gate.shut();
    const { accessToken } = await signedIn(client);
    const kid = await rotation.revoke(await kidOf(database, 'signing'));
    await untilFollowed(client, database);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(401);
    expect(signerOf((await signedIn(client)).accessToken)).toBe(kid);
    gate.open();
  });

  it('catches up within 2 s of the return of its database, whatever happened meanwhile', async () => {
    deaf = await startService({ database: { ...database, url: gate.url }, settings });
    const client = new Client(deaf.url);
    let accessToken = '';
    const attempt = async (): Promise<number> => {
      ({ accessToken } = await signedIn(client));
      const lost = (): number => deaf!.log.filter((line) => line.includes('notifications_lost')).length;
      const before = lost();
      gate.shut();
      await until(async () => lost() > before);
      await letPass(database, '17 minutes');
      await rotation.revoke(await kidOf(database, 'signing'));
      for (let i = 0; i < 3; i += 1) {
        await letPass(database, '17 minutes');
        await rotation.rotate();
      }
      await letPass(database, '17 minutes');
      await rotation.keep(); // not one key is left of those that the replica knows
      expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(503);
      gate.open();
      return millisOf(() => untilFollowed(client, database));
    };
    expect(await quickest(2_000, attempt)).toBeLessThan(2_000);
    expect((await client.get('/users/me', { bearer: accessToken })).status).toBe(401);
    expect(signerOf((await signedIn(client)).accessToken)).toBe(await kidOf(database, 'signing'));
  });

  it('goes on with the key before while it lacks the secret of the one that signs, and says which', async () => {
    const AUTH_SECRET = `${randomBytes(32).toString('base64url')},${settings.AUTH_SECRET}`;
    const early = await startService({ database, settings: { AUTH_SECRET } });
    deaf = await startService({ database, settings });
    try {
      const there = early.app.get(KeyRotation, { strict: false });
      await letPass(database, '17 minutes');
      const before = await there.rotate();
      await untilFollowed(new Client(deaf.url), database);
      await letPass(database, '17 minutes');
      await there.rotate(); // to the first key that only the new secret opens
      const { id } = new SecretRing(early.config.authSecrets).current;
      await until(async () => deaf!.log.some((line) => line.includes('not_followed') && line.includes(id)));
      const [own, theirs] = [await signedIn(new Client(deaf.url)), await signedIn(new Client(early.url))];
      expect(signerOf(own.accessToken)).toBe(before);
      for (const { accessToken: bearer } of [own, theirs]) {
        for (const { url } of [deaf, early])
          expect((await new Client(url).get('/users/me', { bearer })).status).toBe(200);
      }
    } finally {
      await early.stop();
    }
  });
});
