import { createHash } from 'node:crypto';
import { escapeHtml } from '../mail/templates/layout.value.js';
import type { Locale } from '../platform/locale.value.js';
import { LINK_PAGES, type LinkPage, type LinkPageName } from './link-pages.value.js';
import { PAGE_STYLE } from './page-style.value.js';
import { en } from './texts/en.value.js';
import type { PageTexts, PasswordLengths } from './texts/page-texts.value.js';
import { ru } from './texts/ru.value.js';

/** Whose page it is, where it leads in the end, and what the service asks of a password. */
export interface PageOrigin {
  /** What people know the service by. */
  appName: string;
  /** Where the service is. */
  host: string;
  /** The way on, if there is one. */
  app: { url: string; name: string } | undefined;
  lengths: PasswordLengths;
}

const LANGUAGES: Readonly<Record<Locale, PageTexts>> = { en, ru };

/** What only a fault of the page, or of the service, brings about: who reads it can do nothing but come back. */
const FAULTS = [
  'validation_failed',
  'not_a_string',
  'bad_request',
  'malformed_body',
  'payload_too_large',
  'unsupported_media_type',
  'request_timeout',
  'internal_error',
];

const STYLE_DIGEST = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** One script, one style, requests to the service itself, and nothing else. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${STYLE_DIGEST}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join(';');

/** A page's HTML; nothing in it comes from the request but the choice of its language. */
export function linkPage(name: LinkPageName, locale: Locale, origin: PageOrigin): string {
  const { appName, host, lengths } = origin;
  const texts = LANGUAGES[locale];
  const { title, before, button } = texts.pages[name];
  const page: LinkPage = LINK_PAGES[name];
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(`${title} · ${appName}`)}</title>
<style>${PAGE_STYLE}</style>
<script type="module" src="pages/link.js"></script>
</head>
<body>
<main>
<p class="app"><bdi>${escapeHtml(appName)}</bdi></p>
<h1>${escapeHtml(title)}</h1>
<div id="before">
${before.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
</div>
<noscript><p class="wrong">${escapeHtml(texts.noScript)}</p></noscript>
<form method="post" novalidate data-endpoint="${page.endpoint}"${page.needsToken ? ' data-needs-token' : ''}${page.keepsDevice ? ' data-keeps-device' : ''} data-words="${escapeHtml(JSON.stringify(pageWords(name, texts, origin)))}">
<fieldset disabled>
${fieldOf(page, texts, lengths)}<button type="submit">${escapeHtml(button)}</button>
</fieldset>
</form>
<p id="status" role="status" aria-live="polite" tabindex="-1"></p>
${wayOn(page, texts, origin)}<p id="new-link" hidden>${page.newLink === undefined ? '' : `<a href="${page.newLink}">${escapeHtml(texts.newLink)}</a>`}</p>
${
  appName === host
    ? ''
    : `<footer class="small">${escapeHtml(host)}</footer>
`
}</main>
</body>
</html>
`;
}

/** What the script may have to say. */
function pageWords(name: LinkPageName, texts: PageTexts, { app, lengths }: PageOrigin): object {
  const { leadsOn }: LinkPage = LINK_PAGES[name];
  const { noToken, working, offline, failed } = texts;
  const text = texts.pages[name];
  const deadLink = 'invalid_one_time_token' in text && { invalid_one_time_token: text.invalid_one_time_token };
  const faults = Object.fromEntries(FAULTS.map((code) => [code, failed]));
  const problems = { ...faults, ...texts.problems(lengths), ...deadLink };
  const done = leadsOn && !app ? `${text.done} ${texts.close}` : text.done;
  return { done, noToken, working, offline, failed, problems };
}

/** Hidden until the page is done. */
function wayOn({ leadsOn }: LinkPage, { goOn }: PageTexts, { app }: PageOrigin): string {
  if (!leadsOn || !app) return '';
  return `<p id="way-on" hidden><a class="button" href="${escapeHtml(app.url)}">${escapeHtml(goOn(app.name))}</a></p>\n`;
}

function fieldOf({ field }: LinkPage, texts: PageTexts, lengths: PasswordLengths): string {
  if (field === 'email') return emailField(texts);
  return field === 'password' ? passwordField(texts, lengths) : '';
}

function emailField({ email }: PageTexts): string {
  return `<label for="email">${escapeHtml(email)}</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="254" required aria-describedby="field-error">
<p id="field-error" class="wrong field-error"></p>
`;
}

function passwordField({ password, passwordHint, showPassword }: PageTexts, lengths: PasswordLengths): string {
  return `<label for="password">${escapeHtml(password)}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="field-error hint">
<p id="field-error" class="wrong field-error"></p>
<p id="hint" class="small hint">${escapeHtml(passwordHint(lengths))}</p>
<label class="check"><input id="show" type="checkbox">${escapeHtml(showPassword)}</label>
`;
}
