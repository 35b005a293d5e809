import type { Locale } from '../../platform/locale.value.js';
import { en } from './en.value.js';
import { htmlPage, type Page, plainPage } from './layout.value.js';
import { type Language, linkIn, type MailParams, type MailTemplate, PATHS } from './mails.value.js';
import { masked, oneLine, phrasesOf } from './phrases.value.js';
import { ru } from './ru.value.js';

/** A language more is a file like these, a word in `LOCALES` and a line here. */
const LANGUAGES: Readonly<Record<Locale, Language>> = { en, ru };

/** A mail before it is put into words. */
export interface MailRequest<Template extends MailTemplate = MailTemplate> {
  template: Template;
  locale: Locale;
  params: MailParams[Template];
}

/** Whose mail it is. */
export interface MailOrigin {
  /** Links lead below it; without a slash at its end. */
  linkBaseUrl: string;
  /** What people know the service by. */
  app: string;
  /** Where it is. */
  host: string;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export function renderMail<Template extends MailTemplate>(
  { template, locale, params }: MailRequest<Template>,
  { linkBaseUrl, app, host }: MailOrigin,
): RenderedMail {
  const language = LANGUAGES[locale];
  const name = language.name(app);
  const text = language.mails[template](sound(params), phrasesOf(locale, name));
  const path = new Map<string, string>(Object.entries(PATHS)).get(template);
  const page: Page = {
    locale,
    text,
    ...(path !== undefined && { link: { url: linkTo(linkBaseUrl + path, params), hint: language.address } }),
    footer: language.footer(app === host ? host : `${name} (${host})`),
  };
  return { subject: text.subject, text: plainPage(page), html: htmlPage(page) };
}

function linkTo(page: string, params: MailParams[MailTemplate]): string {
  const link = linkIn(params);
  return link ? `${page}#token=${encodeURIComponent(link.token)}` : page;
}

/** What comes from outside must not break a line, and no mail names an address to who may not know it. */
function sound<Params extends object>(params: Params): Params {
  const entries = Object.entries(params).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'string') return [name, value];
    return [name, name === 'newEmail' ? masked(value) : oneLine(value)];
  });
  return Object.fromEntries(entries) as Params;
}
