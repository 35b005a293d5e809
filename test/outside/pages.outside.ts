import { mkdirSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { Client } from '../support/http/client.js';
import { register, stranger } from '../support/people/people.js';
import type { ReceivedMail } from '../support/mail/mailbox.js';
import { startService, type TestService } from '../support/service/service.js';

const NEW_PASSWORD = 'four words that nobody guesses';

describe('The pages that links in mails lead to, in a browser', () => {
  let service: TestService;
  let client: Client;
  let browser: Browser;
  let page: Page;
  let misdeeds: string[];

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  afterEach(async () => {
    await page.context().close();
    expect(misdeeds).toEqual([]);
  });

  /** A refusal is on the console, too; whatever else is there, such as what the policy has blocked, should not have happened. */
  const open = async (path: string, options: BrowserContextOptions = {}, { url } = service): Promise<void> => {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 320, height: 700 }, ...options });
    page = await context.newPage();
    misdeeds = [];
    page.on('console', (message) => {
      const refused = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !refused) misdeeds.push(message.text());
    });
    page.on('pageerror', ({ message }) => misdeeds.push(message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) misdeeds.push(request.url());
    });
    await page.goto(url + path);
  };
  const pathOf = (link: string): string => link.replace(service.config.issuerUrl, '');
  const pathIn = ({ link }: ReceivedMail): string => pathOf(link);
  const press = (): Promise<void> => page.locator('button').click();
  const status = async (kind: string): Promise<string> => page.locator(`#status.${kind}`).innerText();
  const look = async (name: string): Promise<void> => {
    const folder = process.env.SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  it('confirm an address at the press of the button and not before, once', async () => {
    const person = stranger();
    await register(client, person);
    const mail = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    await open('/dev/mailbox');
    await page.locator('li a').first().click();
    const href = await page.frameLocator('iframe').locator('a.button').getAttribute('href');
    await page.context().close();

    const verified = async (): Promise<unknown> => {
      const [row] = await service.database.query('SELECT email_verified_at FROM users WHERE email = $1', [
        person.email,
      ]);
      return (row as { email_verified_at: unknown }).email_verified_at;
    };
    await open(pathOf(href!));
    await page.locator('fieldset:enabled').waitFor();
    await look('verify');
    expect(page.url()).toBe(`${service.url}/verify-email`);
    expect(await verified()).toBeNull();
    await press();
    expect(await status('good')).toBe('Your email address is confirmed. You can close this page.');
    expect(await verified()).not.toBeNull();
    expect(await page.locator('button').isVisible()).toBe(false);
    await look('verify-done');

    await page.context().close();
    await open(pathIn(mail), { locale: 'ru-RU', colorScheme: 'dark' });
    await press();
    expect(await status('wrong')).toMatch(
      /^Ссылка не действует: ею уже воспользовались.*, адрес подтверждён: войдите\./,
    );
    await look('verify-used-ru-dark');
  });

  it.each([
    ['en-GB', 'Request a new link', 'Email address', 'an email with a link is on its way', 'light'],
    ['ru-RU', 'Запросить новую ссылку', 'Адрес электронной почты', 'скоро придёт письмо со ссылкой', 'dark'],
  ] as const)('lead from a dead link to a new one, and tell nobody whose address it is: %s', async (...words) => {
    const [locale, again, address, done, colorScheme] = words;
    const person = stranger();
    await register(client, person);
    const first = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    await service.database.query(`UPDATE one_time_tokens SET expires_at = now() - interval '1 second'`);
    await open(pathIn(first), { locale, colorScheme });
    await press();
    await page.locator('#status.wrong:focus').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe(again);
    await look(`verify-expired-${locale}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${service.url}/resend-verification`);
    await page.getByLabel(address).fill('nobody');
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true]:focus').waitFor();
    await look(`resend-refused-${locale}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    const answers: string[] = [];
    for (const email of [person.email, stranger().email]) {
      await page.goto(`${service.url}/resend-verification`);
      await page.getByLabel(address).fill(email);
      await press();
      answers.push(await status('good'));
    }
    expect(answers[0]).toContain(done);
    expect(answers[1]).toBe(answers[0]);
    await look(`resend-done-${locale}`);
    const second = await service.mailbox.next({ to: person.email, template: 'verify_email' });
    await page.goto(service.url + pathIn(second));
    await press();
    await page.locator('#status.good').waitFor();
  });

  it('lead from a forgotten password to a new one, past one that is refused', async () => {
    const person = stranger();
    await register(client, person);
    await open('/forgot-password');
    await look('forgot');
    await page.getByLabel('Email address').fill('nobody');
    await page.keyboard.press('Enter');
    await page.locator('[aria-invalid=true]:focus').waitFor();
    await look('forgot-refused');
    await page.getByLabel('Email address').fill(person.email);
    await press();
    expect(await status('good')).toContain('an email with a link is on its way');
    await look('forgot-done');
    const mail = await service.mailbox.next({ to: person.email, template: 'reset_password' });
    await page.context().close();

    await open(pathIn(mail), { viewport: { width: 1000, height: 800 } });
    const password = page.getByLabel('New password');
    await look('reset');
    await password.fill('password1');
    await press();
    await page.locator('[aria-invalid=true]:focus').waitFor();
    expect(await page.locator('#field-error').innerText()).toContain('too common');
    await look('reset-refused');
    await password.fill(NEW_PASSWORD);
    await page.getByLabel('Show password').check();
    expect(await password.getAttribute('type')).toBe('text');
    await press();
    expect(await status('good')).toContain('Your new password is set.');
    const [device, ...others] = await page.context().cookies(); // by which strangers' guesses do not hold its login up
    expect([device, others]).toEqual([expect.objectContaining({ name: 'device_token', httpOnly: true }), []]);
    expect((await client.post('/auth/login', { ...person, password: NEW_PASSWORD })).status).toBe(200);
    expect((await client.post('/auth/login', person)).status).toBe(401);
  });

  it.each([
    ['en-GB', 'light', 1000, 'Acme', 'Continue to Acme'],
    ['ru-RU', 'dark', 320, 'Ромашка', 'Перейти в сервис «Ромашка»'],
    ['en-GB', 'dark', 320, `W${'w'.repeat(58)}W`, `Continue to W${'w'.repeat(58)}W`],
    ['ru-RU', 'light', 1000, `חברה "<b>" 🌼`, `Перейти в сервис חברה "<b>" 🌼`],
  ] as const)('lead on to the app once they are done: %s %s %i %s', async (locale, colorScheme, width, name, label) => {
    const app = await startService({ settings: { APP_NAME: name, APP_URL: 'http://localhost:9/start' } });
    try {
      const person = stranger();
      await register(new Client(app.url), person);
      const mail = await app.mailbox.next({ to: person.email, template: 'verify_email' });
      await open(pathIn(mail), { locale, colorScheme, viewport: { width, height: 700 } }, app);
      expect(await page.locator('.app').innerText()).toBe(name);
      expect(await page.getByRole('link').count()).toBe(0);
      await look(`app-${locale}-${width}`);
      await press();
      await page.locator('#status.good:focus').waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe(label);
      expect(await page.getByRole('link', { name: label }).getAttribute('href')).toBe('http://localhost:9/start');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await look(`app-done-${locale}-${width}`);
    } finally {
      await app.stop();
    }
  });

  it('say what is missing without the token, and take one that comes later', async () => {
    await open('/reset-password');
    expect(await status('wrong')).toContain('This link is incomplete.');
    expect(await page.locator('button').isVisible()).toBe(false);
    await look('no-token');
    await page.evaluate("location.hash = '#token=not-one'");
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    expect(page.url()).toBe(`${service.url}/reset-password`);
    await press();
    expect(await status('wrong')).toContain('This link has already been used');
    await page.getByRole('link', { name: 'Request a new link' }).click();
    expect(page.url()).toBe(`${service.url}/forgot-password`);
  });

  it.each([
    ['nobody answers', null, 'Could not reach the service.'],
    [
      'a proxy answers in HTML',
      { status: 502, contentType: 'text/html', body: '<b>Bad gateway</b>' },
      'Something went wrong.',
    ],
    ['the database is away', { status: 503, json: { code: 'database_unavailable' } }, 'Try again in a minute.'],
    ['they do not know the refusal', { status: 429, json: { code: 'new', detail: 'Slow down.' } }, 'Slow down.'],
    ['it bears a name that every object has', { status: 400, json: { code: 'toString', detail: 'No.' } }, 'No.'],
  ])('say so when %s, and keep what is needed to try again', async (_what, answer, words) => {
    await open('/verify-email#token=one');
    const asked: unknown[] = [];
    await page.route('**/auth/verify-email', async (route) => {
      asked.push(route.request().postDataJSON());
      await (answer ? route.fulfill(answer) : route.abort());
    });
    await press();
    expect(await status('wrong')).toContain(words);
    await press(); // which takes the words away at once
    expect(await status('wrong')).toContain(words);
    expect(asked).toEqual([{ token: 'one' }, { token: 'one' }]);
  });

  it('say what they need where no script runs', async () => {
    await open('/accept-invitation#token=one', { javaScriptEnabled: false, locale: 'ru' });
    expect(await page.locator('noscript').innerText()).toContain('JavaScript');
    expect(await page.locator('button').isEnabled()).toBe(false);
    await look('no-script');
  });

  it.each(['/verify-email', '/undo-email-change', '/confirm-email', '/accept-invitation', '/forgot-password'])(
    'need no more than 320 pixels in Russian: %s',
    async (path) => {
      await open(`${path}#token=one`, { locale: 'ru-RU', colorScheme: 'dark' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      await look(`narrow${path.replace('/', '-')}`);
    },
  );
});
