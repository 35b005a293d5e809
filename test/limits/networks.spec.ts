import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { ada, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { limitedTo, logInFrom } from './support/guessing.js';

const PER_ADDRESS = 5;
const PER_NETWORK = 4 * PER_ADDRESS;

describe('Wrong passwords', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: limitedTo(1_000, PER_ADDRESS) });
    client = new Client(service.url);
    await register(client, ada);
  });
  afterAll(() => service.stop());

  const failFrom = async (ip: string): Promise<number> =>
    (await logInFrom(client, ip, { ...stranger(), password: 'wrong' })).status;

  it.each([
    ['an IPv4 address', () => '198.18.1.1', '198.18.1.2', PER_ADDRESS],
    ['an IPv4 address in the form of an IPv6 one', () => '::ffff:198.18.2.1', '198.18.2.2', PER_ADDRESS],
    ['an IPv6 /64', (i: number) => `2001:db8:0:1::${i}`, '2001:db8:0:2::1', PER_ADDRESS],
    ['an IPv4 /24', (i: number) => `198.18.3.${i}`, '198.18.4.1', PER_NETWORK],
    ['an IPv6 /48', (i: number) => `2001:db8:1:${i}::1`, '2001:db8:2::1', PER_NETWORK],
  ])('of %s count together', async (_, address, neighbour, most) => {
    const statuses: number[] = [];
    for (let i = 0; i < most + 2; i++) statuses.push(await failFrom(address(i)));
    expect(statuses).toEqual([...Array<number>(most).fill(401), 429, 429]);
    expect((await logInFrom(client, address(0), ada)).status).toBe(429);
    expect((await logInFrom(client, neighbour, ada)).status).toBe(200);
  });
});
