import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { closeGracefully } from '../../src/platform/http/connections/shutdown.js';
import { WaitingPolls } from '../../src/signals/waiting-polls.service.js';
import { type Answer, Client } from '../support/http/client.js';
import { signedIn, type Tokens } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { startService, type TestService } from '../support/service/service.js';
import { times } from '../support/sessions/refreshes.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { until } from '../support/time/until.js';
import { Delivery, Receiver } from './support/receivers.js';

const AUTH_SECRET = randomBytes(32).toString('base64url');

const shop = new Receiver('shop');
const mail = new Receiver('mail');

/** How many polls of the receiver wait at a replica. */
const waitingAt = ({ app }: TestService, receiver: Receiver): number =>
  app.get(WaitingPolls, { strict: false }).countFor(receiver.id);

const untilWaiting = (service: TestService, receiver: Receiver, count: number): Promise<true> =>
  until(async () => waitingAt(service, receiver) === count && true);

const wait = (service: TestService, receiver = shop): Promise<Answer> =>
  receiver.poll(service, { returnImmediately: false });

describe('A poll that waits', () => {
  let replicas: Replicas;
  let here: TestService;
  let there: TestService;
  /** Where nothing happens: it waits while the other tests run. */
  let quiet: TestService;
  let quietPoll: Promise<{ answer: Answer; tookMillis: number }>;

  beforeAll(async () => {
    quiet = await startService({ settings: { SSF_RECEIVERS: shop.setting } });
    const begun = performance.now();
    quietPoll = wait(quiet).then((answer) => ({ answer, tookMillis: performance.now() - begun }));
    replicas = await startReplicas({ AUTH_SECRET, SSF_RECEIVERS: `${shop.setting},${mail.setting}` });
    [here, there] = replicas.services as [TestService, TestService];
  });
  beforeEach(async () => {
    for (const receiver of [shop, mail]) await receiver.drain(here);
  });
  afterAll(async () => {
    await replicas.stop();
    await quiet.stop();
  });

  const logOut = ({ refreshToken }: Tokens): Promise<Answer> => replicas.all[0]!.post('/auth/logout', { refreshToken });
  const closeOne = async (): Promise<Tokens> => {
    const tokens = await signedIn(replicas.all[0]!);
    await logOut(tokens);
    return tokens;
  };

  it('is answered as a session is closed, at whatever replica it waits', async () => {
    const polls = [wait(here), wait(there), wait(there, mail)];
    await untilWaiting(here, shop, 1);
    await untilWaiting(there, shop, 1);
    await untilWaiting(there, mail, 1);
    const begun = performance.now();
    const closed = await closeOne();
    for (const answer of await Promise.all(polls)) {
      expect(new Delivery(answer).jtiOf(closed)).toBeDefined();
    }
    expect(performance.now() - begun).toBeLessThan(10_000); // without being woken, 20 s
    for (const service of [here, there]) expect(waitingAt(service, shop)).toBe(0);
  });

  it('is woken by the close itself, and not only by looking each second', async () => {
    const round = async (): Promise<number> => {
      const tokens = await signedIn(replicas.all[0]!);
      const poll = wait(there);
      await untilWaiting(there, shop, 1);
      const millis = await millisOf(async () => {
        await logOut(tokens);
        await poll;
      });
      const { jtis } = new Delivery(await poll);
      expect((await shop.fetch(there, { ack: jtis })).jtis).toEqual([]);
      return millis;
    };
    const sixRounds = async (): Promise<number> => {
      let millis = 0;
      for (let i = 0; i < 6; i++) millis += await round();
      return millis;
    };
    expect(await quickest(2_000, sixRounds)).toBeLessThan(2_000); // without being woken, more than 5 s
  });

  it('is answered at once where there is something', async () => {
    const closed = await closeOne();
    expect(new Delivery(await wait(there)).jtiOf(closed)).toBeDefined();
  });

  it('acknowledges before it waits', async () => {
    await closeOne();
    const { jtis } = await shop.fetch(here);
    const poll = shop.poll(here, { returnImmediately: false, ack: jtis });
    await untilWaiting(here, shop, 1);
    expect((await shop.fetch(there)).jtis).toEqual([]);
    const closed = await closeOne();
    const delivery = new Delivery(await poll);
    expect(delivery.jtis).toEqual([delivery.jtiOf(closed)]);
  });

  it('finds what no notification tells of', async () => {
    const poll = wait(here);
    await untilWaiting(here, shop, 1);
    await replicas.database.query(
      `INSERT INTO signals (jti, receiver_id, revocation_id, session_id, user_id) VALUES ($1, 'shop', 0, $1, $1)`,
      ['019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40'],
    );
    expect(new Delivery(await poll).jtis).toHaveLength(1);
  });

  it('still finds what comes when its request is older than what the database may take', async () => {
    // One connection, which many want: it takes longer to come than the last millisecond that an old request is left.
    const settings = { SSF_RECEIVERS: shop.setting, AUTH_SECRET, DATABASE_POOL_SIZE: '1' };
    const narrow = await startService({ database: replicas.database, settings });
    let crowded = true;
    const crowd = async (): Promise<void> => {
      while (crowded) await new Client(narrow.url).get('/health/ready');
    };
    try {
      const poll = wait(narrow);
      await untilWaiting(narrow, shop, 1);
      const later = performance.now() + 4_000;
      await until(async () => performance.now() > later);
      const others = times(20, crowd);
      const closed = await closeOne();
      expect(new Delivery(await poll).jtiOf(closed)).toBeDefined();
      crowded = false;
      await Promise.all(others);
    } finally {
      crowded = false;
      await narrow.stop();
    }
  });

  it('is forgotten when the receiver hangs up, and takes nothing with it', async () => {
    const headers = { authorization: `Bearer ${shop.token}`, 'content-type': 'application/json' };
    const poll = request(`${here.url}/ssf/poll`, { method: 'POST', headers, agent: false });
    poll.on('error', () => undefined).end('{}');
    await untilWaiting(here, shop, 1);
    poll.destroy();
    await untilWaiting(here, shop, 0);
    const closed = await closeOne();
    expect((await shop.fetch(here)).jtiOf(closed)).toBeDefined();
  });

  it('is one of at most ten of its receiver at a replica; another receiver, and who does not wait, are not hurt', async () => {
    const polls = times(10, () => wait(here));
    await untilWaiting(here, shop, 10);
    const refused = await wait(here);
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too_many_polls',
      '10',
    ]);
    expect((await shop.fetch(here)).jtis).toEqual([]);
    const others = [wait(here, mail), wait(there)];
    await untilWaiting(here, mail, 1);
    await untilWaiting(there, shop, 1);
    const closed = await closeOne();
    for (const answer of await Promise.all([...polls, ...others])) {
      expect(new Delivery(answer).jtiOf(closed)).toBeDefined();
    }
    expect((await wait(here)).status).toBe(200);
  });

  it('is answered with nothing after 20 seconds', async () => {
    const { answer, tookMillis } = await quietPoll;
    expect([answer.status, answer.body]).toEqual([200, { sets: {}, moreAvailable: false }]);
    expect(tookMillis).toBeGreaterThan(19_000);
  });
});

describe('A service that closes down', () => {
  it.each(['gracefully', 'at once'])('%s answers who waits with nothing, without making it wait', async (how) => {
    const service = await startService({
      settings: { SSF_RECEIVERS: shop.setting },
    });
    try {
      const polls = times(3, () => wait(service));
      await untilWaiting(service, shop, 3);
      const begun = performance.now();
      await (how === 'at once' ? service.app.close() : closeGracefully(service.app));
      for (const { status, body } of await Promise.all(polls)) {
        expect([status, body]).toEqual([200, { sets: {}, moreAvailable: false }]);
      }
      expect(performance.now() - begun).toBeLessThan(7_500); // without the protection, 8 s or 20 s
    } finally {
      await service.stop();
    }
  });
});
