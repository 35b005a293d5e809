import { readFile } from 'node:fs/promises';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const AUTH = "const AUTH = 'https://auth.example.com';";
/** Longer than an access token lives: one that was made so long ago is refused. */
const EXPIRED_MILLIS = 700_000;
/** The guide's module, with the service under its own name, and under the page's. */
const DIRECT = '/direct.js';
const PROXIED = '/proxied.js';

describe('The code of the guide for browser apps, in a browser', () => {
  let code: string;
  let site: Server;
  let port: number;
  let service: TestService;
  let browser: Browser;
  let context: BrowserContext;
  let person: Person;
  let refreshes: number;
  let module: string;
  let behindMillis = 0;

  beforeAll(async () => {
    const guide = await readFile(new URL('../../docs/guides/browser-apps.md', import.meta.url), 'utf8');
    code = /```js\n(.*?)```/s.exec(guide)?.[1] ?? '';
    expect(code).toContain(AUTH);
    site = createServer((request, response) => {
      const { url = '', method, headers } = request;
      if (url.startsWith('/auth/')) {
        const onward = ask(service.url + url, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        });
        return request.pipe(onward);
      }
      const place = url === DIRECT ? service.url : '';
      const isCode = url === DIRECT || url === PROXIED;
      response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
      return response.end(isCode ? code.replace(AUTH, `const AUTH = '${place}';`) : '<title>App</title>');
    });
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
    ({ port } = site.address() as AddressInfo);
    service = await startService({
      settings: { CORS_ORIGINS: `http://127.0.0.1:${port},http://localhost:${port}` },
      clock: { now: () => new Date(Date.now() - behindMillis) },
    });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
  });
  afterAll(async () => {
    await browser.close();
    site.close();
    await service.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    refreshes = 0;
    module = DIRECT;
    context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/auth/refresh')) refreshes += 1;
    });
    person = stranger();
    await register(new Client(service.url), person);
  });
  afterEach(() => context.close());

  const open = async (host = '127.0.0.1'): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`http://${host}:${port}/`);
    return page;
  };
  const run = (page: Page, expression: string): Promise<unknown> =>
    page.evaluate(`import('${module}').then((auth) => ${expression})`);
  const logIn = (page: Page): Promise<unknown> =>
    run(page, `auth.logIn('${person.email}', '${person.password}').catch((error) => error.message)`);
  const status = (page: Page): Promise<unknown> =>
    run(page, `auth.api('${service.url}/users/me').then((answer) => answer.status)`);

  it('keeps a person logged in over a reload and in a second tab, with no token that a script could read', async () => {
    const page = await open();
    await logIn(page);
    expect([await status(page), refreshes]).toEqual([200, 0]);
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    expect([await status(page), refreshes]).toEqual([200, 1]);
    expect(await status(await open())).toBe(200);
  });

  it('refreshes once for calls that are refused together, and in tabs one after another', async () => {
    const [one, other] = [await open(), await open()];
    behindMillis = EXPIRED_MILLIS;
    await logIn(one);
    behindMillis = 0;
    const calls = (page: Page): Promise<unknown[]> => Promise.all(Array.from({ length: 5 }, () => status(page)));
    expect(await Promise.all([calls(one), calls(other)])).toEqual([Array(5).fill(200), Array(5).fill(200)]);
    expect(refreshes).toBe(2);
  });

  it('asks again at once when the answer to a refresh is lost, and the session goes on', async () => {
    const page = await open();
    await logIn(page);
    await page.reload();
    await page.route(
      '**/auth/refresh',
      async (route) => {
        await route.fetch(); // the service has answered
        await route.abort();
      },
      { times: 1 },
    );
    expect(await status(page)).toBe(200);
    await page.reload();
    expect(await status(page)).toBe(200);
  });

  it('logs out in every tab', async () => {
    const [one, other] = [await open(), await open()];
    await logIn(one);
    expect(await status(other)).toBe(200);
    await run(one, 'auth.logOut()');
    expect([await status(one), await status(other)]).toEqual([401, 401]);
  });

  it('says what a login was refused for', async () => {
    person = { ...person, password: 'not the one that was set' };
    expect(await logIn(await open())).toBe('invalid_credentials');
  });

  it('is forgotten with the next reload on a page of another site', async () => {
    const page = await open('localhost');
    await logIn(page);
    expect(await status(page)).toBe(200);
    await page.reload();
    expect(await status(page)).toBe(401);
  });

  it('works on a page of another site that forwards to the service', async () => {
    module = PROXIED;
    const page = await open('localhost');
    await logIn(page);
    await page.reload();
    expect([await status(page), refreshes]).toEqual([200, 1]);
    await run(page, 'auth.logOut()');
    expect(await status(page)).toBe(401);
  });
});
