/**
 * The requirements of OWASP ASVS 5.0 of level 1 and 2 that concern this service, its guard and their documents. Left out are those of
 * an OAuth provider, and of a login through others, which there is not yet.
 */
const REQUIREMENTS: Readonly<Record<1 | 2, string>> = {
  1: `
    1.2.4 2.1.1 2.2.1 2.2.2 2.3.1 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.8 6.3.1
    6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.5 11.3.1
    11.3.2 11.4.1 12.2.1 13.4.1 14.2.1 15.1.1 15.2.1 15.3.1`,
  2: `
    1.3.6 1.3.11 2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 3.3.2 3.3.3 3.3.4 3.4.3 3.4.4 3.4.6 4.1.3 4.2.1 6.1.2 6.1.3 6.2.9
    6.2.10 6.2.11 6.2.12 6.3.4 6.4.3 7.1.1 7.1.2 7.3.1 7.3.2 7.4.3 7.4.5 7.5.1 7.5.2 8.1.2 8.2.3 9.2.2 9.2.3 9.2.4 10.1.1
    10.3.1 10.3.2 10.3.3 10.3.4 10.4.8 10.4.9 11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.3 11.4.2 11.4.3 11.5.1 11.6.1 12.3.1
    12.3.2 13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.2 13.4.3 13.4.4 13.4.5 14.3.2 15.1.2 15.1.3 15.2.2
    15.2.3 15.3.3 15.3.4 15.3.5 15.3.6 15.3.7 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1
    16.4.2 16.4.3 16.5.1 16.5.2 16.5.3`,
};

/** Of the same levels, about second factors: the page names them as not there. */
export const NOT_BUILT = '6.3.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3'.split(' ');

/** Each as `id level`, in the order of the standard. */
export const IN_SCOPE: readonly string[] = ([1, 2] as const)
  .flatMap((level) =>
    REQUIREMENTS[level]
      .trim()
      .split(/\s+/)
      .map((id) => `${id} ${level}`),
  )
  .sort((a, b) => order(a) - order(b));

function order(row: string): number {
  const [chapter = 0, section = 0, requirement = 0] = row.split(/[. ]/).map(Number);
  return (chapter * 100 + section) * 100 + requirement;
}
