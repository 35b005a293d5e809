import { afterEach, describe, expect, it } from '@jest/globals';
import { ToyService } from './support/toy-service.js';

const FORWARDED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
};

describe('the address of a caller', () => {
  let toy: ToyService;
  afterEach(() => toy.stop());

  const seen = async (headers: Record<string, string>): Promise<unknown> =>
    (await toy.fetch('/ip', { headers })).json();

  it.each([[[]], [['10.0.0.0/8']]])('is its own when the peer is no proxy of ours: %j', async (trustedProxies) => {
    toy = await ToyService.start({ trustedProxies });
    expect(await seen(FORWARDED)).toEqual({ ip: '127.0.0.1', host: `127.0.0.1:${toy.port}`, protocol: 'http' });
  });

  it('is what a trusted proxy says it is', async () => {
    toy = await ToyService.start({ trustedProxies: ['127.0.0.0/8'] });
    expect(await seen(FORWARDED)).toEqual({ ip: '203.0.113.9', host: 'evil.example', protocol: 'https' });
    expect(await seen({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 127.0.0.2' })).toMatchObject({
      ip: '203.0.113.9',
    });
  });

  it("is the proxy's when what it says is no address", async () => {
    toy = await ToyService.start({ trustedProxies: ['127.0.0.1'] });
    expect(await seen({ 'x-forwarded-for': '<script>' })).toMatchObject({ ip: '127.0.0.1' });
  });
});
