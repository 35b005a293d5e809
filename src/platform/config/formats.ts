import { isIP } from 'node:net';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

export function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** True for an address that never leaves this machine. */
export function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}

export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.has(host);
}

/** A PostgreSQL connection string. The driver percent-decodes it, so a literal `%` must be written as `%25`. */
export function postgresUrl(text: string): string | null {
  const url = urlOf(text);
  if (!url || !/^postgres(ql)?:\/\//.test(text) || url.pathname.length <= 1) return null;
  return decodes(text) ? text : null;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A web origin as browsers send it (RFC 6454): scheme, host and port only. Patterns are refused, because they would never match.
 */
export function origin(text: string): string | null {
  const url = urlOf(text);
  return url && ['http:', 'https:'].includes(url.protocol) && url.origin === text && !text.includes('*') ? text : null;
}

/** 32 bytes or more as base64url. At least 16 of them must differ, which rules out values that are not random. */
export function secretBytes(text: string): Buffer | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length >= 32 && new Set(bytes).size >= 16 ? bytes : null;
}

/** A word of 3 to 64 characters, spaces and punctuation included. */
export function contextWord(text: string): string | null {
  return /^[^\p{C}]{3,64}$/u.test(text) ? text.normalize('NFC') : null;
}

/**
 * Days that the audit log is kept. 0 means forever; otherwise at least 30, the minimum that a trigger in the database enforces.
 */
export function auditDays(text: string): number | null {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  return days === 0 || (days >= 30 && days <= 36_500) ? days : null;
}

/** A receiver of Shared Signals. `id` is the `aud` of the events that it gets. */
export interface SignalReceiverSetting {
  readonly id: string;
  /** The SHA-256 of the receiver's bearer token. */
  readonly digest: Buffer;
}

/** `id:digest`: an id of characters that a URL may hold, and 64 hexadecimal digits. */
export function signalReceiver(text: string): SignalReceiverSetting | null {
  const [, before = '', digest = ''] = /^(.+):([0-9a-f]{64})$/i.exec(text) ?? [];
  const id = signalReceiverId(before);
  return id === null ? null : { id, digest: Buffer.from(digest, 'hex') };
}

/** An id as `signalReceiver` reads it. */
export function signalReceiverId(text: string): string | null {
  return /^[A-Za-z0-9._~:/?&=%@+-]{1,255}$/.test(text) ? text : null;
}

/** False if two receivers share a token. */
export function areApart(receivers: readonly SignalReceiverSetting[]): boolean {
  return new Set(receivers.map(({ digest }) => digest.toString('hex'))).size === receivers.length;
}

/** An address or a range of addresses in CIDR notation. */
export function addressRange(text: string): string | null {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return null;
  if (bits === undefined) return text;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128) ? text : null;
}

/** A number from 0 to 1. */
export function ratio(text: string): number | null {
  return /^(0|1|0?\.\d{1,6}|1\.0{1,6})$/.test(text) ? Number(text) : null;
}
