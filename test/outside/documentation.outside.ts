import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { startService, type TestService } from '../support/service/service.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a page did that it should not have. */
interface Misdeeds {
  errors: string[];
  foreignRequests: string[];
}

describe('The documentation in a browser', () => {
  let service: TestService;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;

  beforeAll(async () => {
    service = await startService();
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    misdeeds = watch(page);
    await page.goto(`${service.url}/`);
    await page.locator('.opblock').first().waitFor();
  });
  afterEach(async () => {
    expect(misdeeds).toEqual({ errors: [], foreignRequests: [] });
    await page.close();
  });

  /** Chromium reports what the Content-Security-Policy has blocked as an error on its console. */
  const watch = (watched: Page): Misdeeds => {
    const seen: Misdeeds = { errors: [], foreignRequests: [] };
    watched.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()));
    watched.on('pageerror', (error) => seen.errors.push(error.message));
    watched.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.origin !== service.url) seen.foreignRequests.push(request.url());
    });
    return seen;
  };

  const operation = async (id: string): Promise<Locator> => {
    const block = page.locator(`.opblock[id$="-${id}"]`);
    if ((await block.locator('.execute').count()) === 0) await block.locator('.opblock-summary-control').click();
    await block.locator('.execute').waitFor();
    return block;
  };

  /** Presses Execute and reads the answer from the page. */
  const execute = async (id: string): Promise<{ status: number; body: Record<string, string> }> => {
    const block = await operation(id);
    await block.locator('.execute').click();
    const answer = block.locator('.live-responses-table .response');
    await answer.waitFor();
    const status = Number.parseInt(await answer.locator('.response-col_status').innerText(), 10);
    const body = await answer.locator('.highlight-code code').first().innerText();
    return { status, body: JSON.parse(body) as Record<string, string> };
  };

  it('is where the root leads, with the rooms in the order in which a person needs them', async () => {
    expect(page.url()).toBe(`${service.url}/docs`);
    expect(await page.title()).toBe('Auth service');
    const tags = await page.locator('.opblock-tag').all();
    expect(await Promise.all(tags.map((tag) => tag.getAttribute('data-tag')))).toEqual([
      'Auth',
      'Recovery',
      'Users',
      'Account',
      'Sessions',
      'Administration',
      'Audit',
      'Revocations',
      'Signals',
      'Discovery',
      'Health',
    ]);
  });

  it('lets a person register, log in, authorize and see who they are, without typing anything but the token', async () => {
    expect((await execute('register')).status).toBe(201);
    const login = await execute('login');
    expect(login.status).toBe(200);
    await page.locator('.auth-wrapper .authorize').first().click();
    const dialog = page.locator('.dialog-ux');
    await dialog.locator('input').first().fill(login.body.accessToken!);
    await dialog.locator('.auth-container').first().locator('.authorize').click();
    await dialog.locator('.btn-done').first().click();
    const me = await execute('me');
    expect([me.status, me.body.email]).toEqual([200, 'ada@example.com']);
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('eyJ');
  });
});
