const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether keys may be fetched from there: a plain address by https, or by http on the loopback, where nobody else
 * listens (RFC 8414 section 2: an issuer has no query and no fragment).
 */
export function isTrustedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const secure = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return secure && !username && !password && !/[?#]/.test(text);
}
