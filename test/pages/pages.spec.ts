import { LINK_PAGES, type LinkPageName } from '../../src/pages/link-pages.value.js';
import { LOCALES } from '../../src/platform/locale.value.js';
import { PATHS } from '../../src/mail/templates/mails.value.js';
import { isCommonPassword } from '../../src/auth/passwords/common-passwords.service.js';
import { passwordProblem } from '../../src/auth/passwords/password-policy.value.js';
import { type Answer, Client } from '../support/http/client.js';
import { ada } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const NAMES = Object.keys(LINK_PAGES) as LinkPageName[];
const IN_BOTH = NAMES.flatMap((name) => LOCALES.map((locale) => [name, locale] as const));

/** What the rules for a new password can find wrong with one, and the document does not list. */
const PASSWORD_CODES = ['short', 'x'.repeat(129), ada.email, 'ada ada 1815', ' '.repeat(9)].map(
  (password) => passwordProblem(password, ada.email, 8, [], isCommonPassword)!.code,
);

interface Words {
  done: string;
  failed: string;
  problems: Record<string, string>;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { examples?: Record<string, { value: Refusal }> }> }>;
}

interface Refusal {
  code: string;
  errors?: { code: string }[];
}

describe('The pages that links in mails lead to', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const pageOf = (name: LinkPageName, locale: string, query = ''): Promise<Answer> =>
    client.get(`${LINK_PAGES[name].path}${query}`, { headers: { 'accept-language': `${locale}, *;q=0.1` } });
  const wordsOf = ({ text }: Answer): Words => {
    const attribute = /data-words="([^"]*)"/.exec(text)![1]!;
    return JSON.parse(attribute.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')) as Words;
  };

  it('are there for every link that a mail may hold, and where another one can be asked for', () => {
    const paths = new Set<string>([...Object.values(PATHS), '/resend-verification']);
    expect(new Set(Object.values(LINK_PAGES).map(({ path }) => path))).toEqual(paths);
  });

  it.each(IN_BOTH)('answer %s in %s, for no cache, frame or other site', async (name, locale) => {
    const { status, headers, text } = await pageOf(name, locale);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
    const policy = headers.get('content-security-policy')!.split(';');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
      ]),
    );
    expect(policy.join()).not.toContain('unsafe');
    expect(text).toContain(`<html lang="${locale}">`);
    expect(/<h1>.*[а-я].*<\/h1>/i.test(text)).toBe(locale === 'ru');
    expect(text).not.toMatch(/https?:\/\/|<script>| style=| on[a-z]+=/);
  });

  it.each(NAMES)('echo nothing of what %s was asked with', async (name) => {
    const plain = await pageOf(name, 'en');
    const asked = await pageOf(name, 'en', '?token=canary&email=canary%40example.com&%3Cscript%3E=canary');
    expect(asked.text).toBe(plain.text);
  });

  it.each(IN_BOTH)('have words for whatever the endpoint of %s refuses, in %s', async (name, locale) => {
    const { body } = await client.get('/openapi.json');
    const paths = body.paths as Record<string, { post: Operation }>;
    const answers = Object.values(paths[`/${LINK_PAGES[name].endpoint}`]!.post.responses);
    const refusals = answers
      .flatMap(({ content = {} }) => Object.values(content))
      .flatMap(({ examples = {} }) => Object.values(examples).map(({ value }) => value));
    const codes = refusals.flatMap(({ code, errors = [] }) => [code, ...errors.map((error) => error.code)]);
    expect(codes).toContain('database_unavailable');
    const { problems, failed, done } = wordsOf(await pageOf(name, locale));
    const wordless = [...codes, ...PASSWORD_CODES, 'internal_error'].filter((code) => !problems[code]);
    expect(wordless).toEqual([]);
    const alphabet = locale === 'ru' ? /[а-я]{3}/i : /^[\x20-\x7e]+$/;
    for (const words of [failed, done, ...Object.values(problems)]) expect(words).toMatch(alphabet);
  });

  it.each([
    ['verify_email', 'resend-verification'],
    ['reset_password', 'forgot-password'],
    ['confirm_email', null],
  ] as const)('lead on from a dead link of %s, if anybody may ask for another: %s', async (name, to) => {
    const { text } = await pageOf(name, 'en');
    expect(/<p id="new-link" hidden>(?:<a href="([^"]+)">Request a new link<\/a>)?<\/p>/.exec(text)?.[1] ?? null).toBe(
      to,
    );
    if (to) expect((await client.get(`/${to}`)).text).toContain('autocomplete="email"');
  });

  it('say how long a password may be, as the settings have it', async () => {
    const strict = await startService({ settings: { PASSWORD_MIN_LENGTH: '15' } });
    for (const locale of LOCALES) {
      const headers = { 'accept-language': locale };
      const { problems } = wordsOf(await new Client(strict.url).get('/reset-password', { headers }));
      expect([problems.too_short, problems.too_long]).toEqual([
        expect.stringContaining(' 15 '),
        expect.stringContaining(' 128 '),
      ]);
    }
    await strict.stop();
  });

  it('run one script, which is served as one and keeps its token to itself', async () => {
    const { text } = await pageOf('verify_email', 'en');
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="pages/link.js">']);
    const { status, headers, text: script } = await client.get('/pages/link.js');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(script).not.toMatch(/innerHTML|eval|localStorage|console|https?:/);
  });

  it.each([
    ['the issuer itself', 'http://localhost:3000/', 200],
    ['pages of a team’s own', 'https://app.example.com/account', 404],
  ])('are there when LINK_BASE_URL names %s', async (_whose, LINK_BASE_URL, expected) => {
    const other = await startService({ settings: { LINK_BASE_URL } });
    const there = new Client(other.url);
    for (const path of [...NAMES.map((name) => LINK_PAGES[name].path), '/pages/link.js']) {
      expect([path, (await there.get(path)).status]).toEqual([path, expected]);
    }
    await other.stop();
  });
});
