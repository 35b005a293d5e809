import { Client } from '../support/http/client.js';
import { startService } from '../support/service/service.js';

describe('GET /.well-known/change-password', () => {
  it.each([
    [{}, 'http://localhost:3000/forgot-password'],
    [{ LINK_BASE_URL: 'https://app.example/account/' }, 'https://app.example/account/forgot-password'],
    [{ CHANGE_PASSWORD_URL: 'https://app.example/me#password' }, 'https://app.example/me#password'],
  ])('leads, with %j, to %s', async (settings, url) => {
    const service = await startService({ settings });
    const { status, headers } = await new Client(service.url).get('/.well-known/change-password');
    expect([status, headers.get('location'), headers.get('cache-control')]).toEqual([302, url, 'no-store']);
    await service.stop();
  });
});
