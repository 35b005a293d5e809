import { hold, untilWaiting } from '../../support/database/held.js';
import { stranger } from '../../support/people/people.js';
import { type Replicas, startReplicas } from '../../support/service/replicas.js';
import { times } from '../../support/sessions/refreshes.js';

describe('registrations of one address at once', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  it('makes one account of a hundred in several spellings', async () => {
    const spellings = [
      'Ada@Bücher.Example',
      ' ada@xn--bcher-kva.example',
      'ADA@BÜCHER.EXAMPLE ',
      'ada@bu\u0308cher.example',
    ];
    const register = (i: number) =>
      replicas.next().post('/auth/register', { email: spellings[i % 4], password: 'the analytical engine' });
    const statuses = (await Promise.all(times(100, register))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => ![201, 409, 429, 503].includes(status))).toEqual([]);
    expect(await replicas.database.query('SELECT email FROM users')).toEqual([{ email: 'ada@xn--bcher-kva.example' }]);
    expect(await replicas.database.query('SELECT FROM credentials')).toHaveLength(1);
  });

  it('makes one account when none has written before all have looked', async () => {
    const person = stranger();
    const held = await hold(replicas.database);
    await held.run('LOCK TABLE users IN SHARE MODE'); // reads go on, writes wait
    const asked = times(10, () => replicas.next().post('/auth/register', person));
    await untilWaiting(replicas.database, 10);
    await held.commit();
    const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...times(9, () => 409)]);
    expect(await replicas.database.query('SELECT FROM users WHERE email = $1', [person.email])).toHaveLength(1);
  });
});
