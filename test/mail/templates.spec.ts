import { LOCALES } from '../../src/platform/locale.value.js';
import { type MailParams, type MailTemplate, PATHS } from '../../src/mail/templates/mails.value.js';
import { type RenderedMail, renderMail } from '../../src/mail/templates/render.value.js';

const at = new Date('2026-01-02T23:04:05Z');
const token = 'to/ken+=&<"';
const origin = { linkBaseUrl: 'https://app.example.com/me', app: 'Acme', host: 'auth.example.com' };

const PARAMS: { [Template in MailTemplate]: MailParams[Template] } = {
  verify_email: { token, validSeconds: 86_400 },
  already_registered: {},
  registered_again: { token, validSeconds: 1_800 },
  reset_password: { token, validSeconds: 1_800 },
  password_changed: { ip: '203.0.113.9', at },
  confirm_email_change: { token, validSeconds: 86_400 },
  email_change_requested: { newEmail: 'new.address@example.org', token, validSeconds: 604_800 },
  email_changed: { newEmail: 'new.address@example.org', token, validSeconds: 604_800 },
  address_kept: { newEmail: 'new.address@example.org', token, validSeconds: 432_000 },
  new_device: { userAgent: 'Firefox', ip: null, at },
  session_closed_for_reuse: { at },
  invitation: { token, validSeconds: 604_800, invitedBy: 'Ada' },
  account_closed: { erasedAt: at },
};
const templates = Object.keys(PARAMS) as MailTemplate[];
const all = LOCALES.flatMap((locale) => templates.map((template) => [locale, template] as const));

const render = <Template extends MailTemplate>(
  locale: (typeof LOCALES)[number],
  template: Template,
  params: MailParams[Template] = PARAMS[template],
  app = origin.app,
): RenderedMail => renderMail({ template, locale, params }, { ...origin, app });

describe('Mails', () => {
  it.each(all)('lack nothing, in the language they are for: %s %s', (locale, template) => {
    const { subject, text, html } = render(locale, template);
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(/undefined|null|NaN|Invalid|\[object|\$\{/);
      expect(/[а-яё]/i.test(part)).toBe(locale === 'ru');
    }
    expect(subject).toMatch(/^[^\p{C}]{5,80}$/u);
    expect(html).toContain(`<html lang="${locale}">`);
    expect(text).toMatch(/^[^<>]+-- \n[^\n]*auth\.example\.com[^\n]*\n$/);
  });

  it.each(all)('lead where they should, and nowhere else: %s %s', (locale, template) => {
    const { text, html } = render(locale, template);
    const path = new Map(Object.entries(PATHS)).get(template);
    const fragment = 'token' in PARAMS[template] ? '#token=to%2Fken%2B%3D%26%3C%22' : '';
    const wanted = path === undefined ? [] : [`${origin.linkBaseUrl}${path}${fragment}`];
    expect(text.match(/https?:\S+/g) ?? []).toEqual(wanted);
    expect(new Set([...html.matchAll(/(?:href|src|url|action)\s*[=(]\s*"?([^")]+)/g)].map(([, url]) => url))).toEqual(
      new Set(wanted),
    );
  });

  it.each(all)('say in the subject and in the text for which app they are: %s %s', (locale, template) => {
    const { subject, text, html } = render(locale, template);
    for (const part of [subject, text.split('\n\n')[0], html.replace(/<title>.*<h1/s, '')]) {
      expect(part).toContain('Acme');
    }
    expect(text).toContain('Acme (auth.example.com). ');
    expect(render(locale, template, PARAMS[template], 'auth.example.com').text).toContain(' auth.example.com. ');
    // It may end with a full stop itself.
    expect(text).not.toContain('Acme.');
  });

  it.each([
    [`<b>"Ada's" & co</b>`, '&lt;b&gt;&quot;Ada&#39;s&quot; &amp; co&lt;/b&gt;', `<b>"Ada's" & co</b>`],
    ['Ромашка', '«Ромашка»', '«Ромашка»'],
    ['«Ромашка»', ' «Ромашка»', ' «Ромашка»'],
    ['Acme 🌼 👩‍💻', 'Acme 🌼 👩‍💻', 'Acme 🌼 👩‍💻'],
    ['חברה', 'חברה', 'חברה'],
    ['Ж'.repeat(60), `«${'Ж'.repeat(60)}»`, `«${'Ж'.repeat(60)}»`],
  ])('bring the name %s whole and make it harmless in HTML', (app, inHtml, inText) => {
    for (const template of templates) {
      const { subject, text, html } = render('ru', template, PARAMS[template], app);
      expect(` ${subject}`).toContain(`${inText}: `);
      expect(text).toContain(inText);
      expect(html).toContain(`${inHtml.trim()}: `);
      expect(html).not.toContain('<b>');
    }
  });

  it('hold no script and load nothing from anywhere', () => {
    for (const [locale, template] of all) {
      expect(render(locale, template).html).not.toMatch(/<(script|img|link|iframe|form)|@import|url\(/i);
    }
  });

  it('make harmless what comes from outside, in text and in HTML', () => {
    const userAgent = `<img src=x onerror="alert('1')">\r\nBcc: x@example.com\u202e\u0000${'y'.repeat(500)}`;
    const { text, html } = render('en', 'new_device', { userAgent, ip: '203.0.113.9', at });
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; Bcc: x@example.com y');
    expect(html).not.toContain('<img');
    expect(text).toMatch(/^Device: <img .*Bcc: x@example.com y+$/m);
    expect([text.includes('\u202e'), text.includes('\u0000'), text.includes('y'.repeat(200))]).toEqual([
      false,
      false,
      false,
    ]);
    expect(render('en', 'invitation', { token, validSeconds: 60, invitedBy: '<b>' }).html).toContain('&lt;b&gt;');
  });

  it('show of a new address only what its owner needs to know it by', () => {
    for (const template of ['email_change_requested', 'email_changed', 'address_kept'] as const) {
      const { text, html } = render('en', template);
      for (const part of [text, html]) {
        expect(part).toContain('n…@example.org');
        expect(part).not.toContain('new.address');
      }
    }
  });

  it('tell times in UTC and in words of the language', () => {
    expect(render('en', 'password_changed').text).toContain('When: January 2, 2026 at 11:04 PM UTC');
    expect(render('ru', 'password_changed').text).toMatch(/Когда: 2 января 2026 г\. (в|,)? ?23:04 UTC/);
    expect(render('en', 'account_closed').text).toContain('erased on January 2, 2026.');
    expect(render('ru', 'account_closed').text).toContain('2 января 2026');
  });

  it.each([
    [60, '1 minute', '1 минута'],
    [1_800, '30 minutes', '30 минут'],
    [3_600, '60 minutes', '60 минут'],
    [7_260, '2 hours', '2 часа'],
    [86_400, '24 hours', '24 часа'],
    [172_800, '2 days', '2 дня'],
    [432_000, '5 days', '5 дней'],
    [1_814_400, '21 days', '21 день'],
  ])('say how long %i seconds are', (validSeconds, en, ru) => {
    expect(render('en', 'verify_email', { token, validSeconds }).text).toContain(`expires in ${en}.`);
    expect(render('ru', 'verify_email', { token, validSeconds }).text).toContain(`: ${ru}.`);
  });
});
