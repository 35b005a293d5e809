/** The languages of emails; each has its texts in `src/mail/templates/`. */
export const LOCALES = ['en', 'ru'] as const;

export type Locale = (typeof LOCALES)[number];

/** A header may list thousands of languages; the rest are ignored. */
const MOST_RANGES = 20;

/**
 * The best supported language for an `Accept-Language` header (RFC 9110, 12.5.4): `de-CH, ru;q=0.8, *;q=0.1` is `ru`.
 * @param fallback returned if the header is missing or names no supported language
 */
export function chooseLocale<Fallback extends Locale | null>(
  header: string | undefined,
  fallback: Fallback,
): Locale | Fallback {
  const wanted = (header ?? '')
    .split(',', MOST_RANGES)
    .map(rangeOf)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of wanted) {
    const locale = language === '*' ? fallback : LOCALES.find((known) => known === language);
    if (locale) return locale;
  }
  return fallback;
}

function rangeOf(text: string): { language: string; quality: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  const quality = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
  return { language: range.split('-')[0] ?? '', quality };
}
