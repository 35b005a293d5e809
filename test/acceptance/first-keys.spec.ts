import type { Type } from '@nestjs/common';
import { PasswordKeys } from '../../src/auth/passwords/password-keys.service.js';
import { KeysService } from '../../src/keys/keys.service.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';

describe('replicas that make the first keys at once', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  it.each<[string, Type<{ onModuleInit(): Promise<void> }>, number]>([
    ['signing_keys', KeysService, 2], // one that signs, and one that stands by
    ['password_keys', PasswordKeys, 1],
  ])('make one set of %s when none has written before all have looked', async (table, Service, expected) => {
    await replicas.database.query(`DELETE FROM ${table}`);
    const held = await hold(replicas.database);
    await held.run(`LOCK TABLE ${table} IN SHARE MODE`); // reads go on, writes wait
    const starting = replicas.services.map(({ app }) => app.get(Service, { strict: false }).onModuleInit());
    await untilWaiting(replicas.database, replicas.services.length);
    await held.commit();
    await Promise.all(starting);
    expect(await replicas.database.query(`SELECT FROM ${table}`)).toHaveLength(expected);
    const published = await Promise.all(replicas.all.map((client) => client.get('/.well-known/jwks.json')));
    expect(new Set(published.map(({ text }) => text)).size).toBe(1);
  });
});
