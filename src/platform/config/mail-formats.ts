import { isLoopback, urlOf } from './formats.js';

/** The mail server and the credentials for it. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** Send nothing without TLS. Undefined if the URL does not say. */
  requireTls: boolean | undefined;
  auth: { user: string; pass: string } | undefined;
}

/** The sender of an email: its display name (may be empty) and address. */
export interface Sender {
  name: string;
  address: string;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/**
 * `smtp://user:password@host:587`, or smtps for TLS from the first byte. A `%` or `@` in the user or password must be
 * percent-encoded.
 */
export function smtpUrl(text: string): SmtpServer | null {
  const url = urlOf(text);
  const defaultPort = url && PORTS[url.protocol];
  if (!url || defaultPort === undefined || defaultPort === null || url.hostname === '') return null;
  if (!/^\/?$/.test(url.pathname) || url.hash !== '' || !/^(\?requireTLS=(true|false))?$/.test(url.search)) return null;
  const auth = credentialsOf(url);
  if (auth === null || url.port === '0' || (url.protocol === 'smtps:' && url.search !== '')) return null;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || defaultPort),
    secure: url.protocol === 'smtps:',
    requireTls: url.search === '' ? undefined : url.search.endsWith('true'),
    auth,
  };
}

/** @returns undefined if there are no credentials, null if one half is missing or they cannot be decoded */
function credentialsOf({ username, password }: URL): SmtpServer['auth'] | null {
  if (username === '' && password === '') return undefined;
  try {
    const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return auth.user !== '' && auth.pass !== '' ? auth : null;
  } catch {
    return null;
  }
}

/** `Auth service <auth@example.com>`, or the address alone. */
export function sender(text: string): Sender | null {
  const [, name = '', address = ''] =
    /^(?:"?([^"<>\p{C}]*?)"? *<)?([^\s<>"@,;:\p{C}]+@[^\s<>"@,;:\p{C}]+?)>?$/u.exec(text) ?? [];
  if (address === '' || text.includes('<') !== text.endsWith('>') || address.length > 254) return null;
  return { name: name.trim(), address };
}

/**
 * A name of something, of up to 60 code points. No character of it is a control, breaks the line, or turns the text around it;
 * of those that cannot be seen only the joiners may be there, without which some emoji and words fall apart.
 */
export function appName(text: string): string | null {
  const name = text.normalize('NFC');
  if (!/^(?:[\u200c\u200d]|[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]){1,60}$/u.test(name)) return null;
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(name) ? name : null;
}

/** Where pages lie: an address without query and fragment, which the links bring themselves. A slash at its end does not count. */
export function baseUrl(text: string): string | null {
  return /[?#]/.test(text) ? null : (webUrl(text)?.replace(/\/+$/, '') ?? null);
}

/** An http(s) URL without credentials. */
export function webUrl(text: string): string | null {
  const url = urlOf(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  return url.href;
}

/** Like `baseUrl`, but it must be https, or http on loopback. */
export function safeBaseUrl(text: string): string | null {
  const url = baseUrl(text);
  return url !== null && isSafeForTokens(url) ? url : null;
}

/** Over plain http, others on the network could read the token, unless it never leaves this machine. */
export function isSafeForTokens(url: string): boolean {
  return url.startsWith('https:') || isLoopback(url);
}
