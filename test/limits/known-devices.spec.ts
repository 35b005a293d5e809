import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Guesses } from '../../src/limits/guesses.service.js';
import { TooManyRequests } from '../../src/limits/limits.errors.js';
import { inRequest } from '../../src/platform/request-context.js';
import { startService, type TestService } from '../support/service/service.js';

const EMAIL = 'ada@example.com';
const [OWNERS, STRANGERS] = ['192.0.2.1', '198.51.100.1'];

describe('A device that has logged in before', () => {
  let service: TestService;
  let guesses: Guesses;

  beforeAll(async () => {
    const settings = { RATE_LIMITS: 'on', LOGIN_FAILURES_PER_HOUR: '20', LOGIN_FAILURES_PER_ADDRESS: '6' };
    service = await startService({ settings });
    guesses = service.app.get(Guesses);
  });
  afterAll(() => service.stop());

  let emails = 0;
  const someone = (): string => `${(emails += 1)}.${EMAIL}`;
  const guess = (email: string, device: string | null, ip: string, right: boolean): Promise<string> =>
    inRequest({ requestId: 'a-request', ip }, () =>
      guesses
        .login(email, device, () => Promise.resolve(right))
        .then(
          (verdict) => (verdict.right ? 'right' : 'wrong'),
          (error: unknown) => (error instanceof TooManyRequests ? 'refused' : String(error)),
        ),
    );
  const many = async (times: number, work: (i: number) => Promise<string>): Promise<string[]> => {
    const all: string[] = [];
    for (let i = 0; i < times; i++) all.push(await work(i));
    return all;
  };

  it('is let in while strangers guess at its account, which keeps out those that have not', async () => {
    const email = someone();
    await many(5, (i) => guess(email, null, `203.0.${i}.1`, false));
    expect(await guess(email, null, OWNERS, true)).toBe('refused');
    expect(await guess(email, 'laptop', OWNERS, true)).toBe('right');
    expect(await guess(email, null, OWNERS, true)).toBe('refused');
  });

  it('has five guesses of its own, which leave other devices of the account alone', async () => {
    const email = someone();
    expect(await many(6, () => guess(email, 'stolen', STRANGERS, false))).toEqual([
      ...Array(5).fill('wrong'),
      'refused',
    ]);
    expect(await guess(email, 'stolen', STRANGERS, true)).toBe('refused');
    expect(await guess(email, 'laptop', OWNERS, true)).toBe('right');
  });

  it('is known for one account only', async () => {
    const [mine, others] = [someone(), someone()];
    await many(5, () => guess(mine, 'laptop', OWNERS, false));
    expect(await guess(others, 'laptop', OWNERS, true)).toBe('right');
  });

  it('is let in from an IP address from which strangers have guessed too often', async () => {
    await many(6, () => guess(someone(), null, '192.0.2.99', false));
    expect(await guess(someone(), null, '192.0.2.99', true)).toBe('refused');
    expect(await guess(someone(), 'laptop', '192.0.2.99', true)).toBe('right');
  });

  it('leaves the limit of its IP address to strangers', async () => {
    await many(6, (i) => guess(someone(), `device ${i}`, '192.0.2.111', false));
    expect(await guess(someone(), null, '192.0.2.111', true)).toBe('right');
  });

  it('is let in while the whole service is being guessed at', async () => {
    await many(3, () => guess(someone(), null, '192.0.2.77', false));
    await many(30, (i) => guess(someone(), null, `100.64.${i}.1`, false));
    expect(await guess(someone(), null, '192.0.2.77', true)).toBe('refused');
    expect(await guess(someone(), 'laptop', '192.0.2.77', true)).toBe('right');
  });
});
