import { afterEach, describe, expect, it } from '@jest/globals';
import { ToyService } from '../support/toy-service.js';

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

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['2001:db8::9', '2001:db8::9'],
    ['198.51.100.1, 203.0.113.9, ::ffff:127.0.0.2', '203.0.113.9'],
    ['<script>, 203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::9]:4711, 127.0.0.2', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['203.0.113.9:4711:1', '127.0.0.1'],
    ['198.51.100.1, 203.0.113.9:4711, 127.0.0.2:8080, 127.0.0.3', '203.0.113.9'],
    ['198.51.100.1, [2001:db8::9]:4711, [::ffff:127.0.0.2]:8080', '2001:db8::9'],
    ['198.51.100.1, 203.0.113.9, [fd00::7]:8080, [fd00::8], fd00::9', '203.0.113.9'],
    ['127.0.0.9:1, 203.0.113.9:4711, [2001:db8::9]', '2001:db8::9'],
  ])(
    'is read from right to left, past our own proxies, without a port, and an IPv4 one in its own form: %s',
    async (given, ip) => {
      toy = await ToyService.start({ trustedProxies: ['127.0.0.0/8', 'fd00::/8'] });
      expect(await seen({ 'x-forwarded-for': given })).toMatchObject({ ip });
    },
  );

  it('is warned of once when a peer speaks for others that is no proxy of ours', async () => {
    toy = await ToyService.start({ trustedProxies: ['10.0.0.0/8'] });
    await seen({});
    const warnings = (): string[] => toy.log.raw.filter((line) => line.includes('forwarded_headers_ignored'));
    expect(warnings()).toEqual([]);
    await seen(FORWARDED);
    await seen(FORWARDED);
    expect(warnings()).toEqual([expect.stringContaining('TRUSTED_PROXIES')]);
  });

  it('is not warned of when the peer is a proxy of ours', async () => {
    toy = await ToyService.start({ trustedProxies: ['127.0.0.1'] });
    await seen(FORWARDED);
    expect(toy.log.raw.filter((line) => line.includes('forwarded_headers_ignored'))).toEqual([]);
  });

  it("is the proxy's when what it says is no address", async () => {
    toy = await ToyService.start({ trustedProxies: ['127.0.0.1'] });
    expect(await seen({ 'x-forwarded-for': '<script>' })).toMatchObject({ ip: '127.0.0.1' });
  });
});
