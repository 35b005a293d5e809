import type { Locale } from '../../platform/locale.value.js';
import type { Phrases } from './mails.value.js';

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;
const LONGEST_LINE = 200;

/** Dates, durations and their plurals as the language has them. @param app as the language writes it in a sentence */
export function phrasesOf(locale: Locale, app: string): Phrases {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return {
    app,
    day: (at) => day.format(at),
    moment: (at) => `${moment.format(at)} UTC`,
    duration: (seconds) => {
      // A day or an hour is said as 24 hours or 60 minutes: nobody has to ask whether it counts from midnight.
      const { unit, seconds: each } = UNITS.find((one) => seconds >= 2 * one.seconds) ?? UNITS[2];
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
        Math.floor(seconds / each),
      );
    },
  };
}

/** What comes from outside as one line of a bounded length: no line breaks, nothing that hides or turns text around. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_LINE);
}

/** `ada@example.com` as `a…@example.com`: enough for who knows the address, too little for who does not. */
export function masked(email: string): string {
  return `${email.slice(0, 1)}…${email.slice(email.lastIndexOf('@'))}`;
}

/** A Russian name stands in quotation marks, unless it brings its own, and a Latin one in none. So no name is ever declined. */
export function nameInRussian(app: string): string {
  return /\p{Script=Cyrillic}/u.test(app) && !/["«»„“”]/.test(app) ? `«${app}»` : app;
}
