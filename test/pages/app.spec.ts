import { LINK_PAGES, type LinkPageName } from '../../src/pages/link-pages.value.js';
import { LOCALES } from '../../src/platform/locale.value.js';
import { type Answer, Client } from '../support/http/client.js';
import { startService, type TestService } from '../support/service/service.js';

const APP_NAME = `<b>"Ada's" & co</b>`;
const ESCAPED_NAME = '&lt;b&gt;&quot;Ada&#39;s&quot; &amp; co&lt;/b&gt;';
const APP_URL = `https://app.example.com/?next="><script>'&x`;
const ESCAPED_URL = 'https://app.example.com/?next=%22%3E%3Cscript%3E%27&amp;x';

const NAMES = Object.keys(LINK_PAGES) as LinkPageName[];
const IN_BOTH = NAMES.flatMap((name) => LOCALES.map((locale) => [name, locale] as const));
/** After the others an email comes next. */
const LEADING_ON: LinkPageName[] = ['verify_email', 'reset_password', 'accept_invitation', 'confirm_email'];

describe('The pages of an app', () => {
  let named: TestService;
  let nameless: TestService;
  let plain: TestService;

  beforeAll(async () => {
    named = await startService({ settings: { APP_NAME, APP_URL } });
    nameless = await startService({ settings: { APP_URL: 'http://app.example.com:8080/login' } });
    plain = await startService();
  });
  afterAll(() => Promise.all([named, nameless, plain].map((service) => service.stop())));

  const show = (service: TestService, name: LinkPageName, locale = 'en'): Promise<Answer> =>
    new Client(service.url).get(LINK_PAGES[name].path, { headers: { 'accept-language': locale } });
  const wayOn = ({ text }: Answer): (string | undefined)[] =>
    /<p id="way-on" hidden><a class="button" href="([^"]*)">(.*)<\/a>/.exec(text)?.slice(1) ?? [];
  const done = ({ text }: Answer): string => /data-words="{&quot;done&quot;:&quot;(.*?)&quot;/.exec(text)![1]!;

  it.each(IN_BOTH)('say its name on %s in %s, under the same policy', async (name, locale) => {
    const { text, headers } = await show(named, name, locale);
    expect(/<title>(.*) · (.*)<\/title>/.exec(text)?.[2]).toBe(ESCAPED_NAME);
    expect(text).toContain(`<p class="app"><bdi>${ESCAPED_NAME}</bdi></p>`);
    expect(text).toContain('<footer class="small">localhost</footer>');
    expect(text).not.toMatch(/<b>|<script>/);
    const policy = 'content-security-policy';
    expect(headers.get(policy)).toBe((await show(plain, name, locale)).headers.get(policy));
  });

  it.each(IN_BOTH)('lead on to it from %s in %s, unless an email comes next', async (name, locale) => {
    const page = await show(named, name, locale);
    const label = `${locale === 'ru' ? 'Перейти в сервис' : 'Continue to'} ${ESCAPED_NAME}`;
    expect(wayOn(page)).toEqual(LEADING_ON.includes(name) ? [ESCAPED_URL, label] : []);
    expect(done(page)).not.toMatch(/close this page|можно закрыть/);
  });

  it.each(NAMES)('lead nowhere from %s without its address', async (name) => {
    const page = await show(plain, name);
    expect(wayOn(page)).toEqual([]);
    expect(done(page).endsWith(' You can close this page.')).toBe(LEADING_ON.includes(name));
  });

  it('go by the hosts as long as it has no name', async () => {
    const page = await show(nameless, 'verify_email');
    expect(wayOn(page)).toEqual(['http://app.example.com:8080/login', 'Continue to app.example.com:8080']);
    expect(page.text).toContain('<p class="app"><bdi>localhost</bdi></p>');
    expect(page.text).not.toContain('<footer');
  });
});
