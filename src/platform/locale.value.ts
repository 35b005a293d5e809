/** The languages in which the service speaks to people: each has its texts in `src/mail/templates/`. */
export const LOCALES = ['en', 'ru'] as const;

export type Locale = (typeof LOCALES)[number];

/** More languages than this nobody speaks; a header may list thousands. */
const MOST_RANGES = 20;

/**
 * The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4): `de-CH, ru;q=0.8, *;q=0.1` is `ru`.
 * @param fallback when the header is missing, or asks for none of ours
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
