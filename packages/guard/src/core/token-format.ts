import { isUtf8 } from 'node:buffer';
import { InvalidToken, must } from './errors.js';

const MAX_LENGTH = 8 * 1024;
const KEY_ID = /^[A-Za-z0-9_-]{1,128}$/;
const TYPES = new Set(['at+jwt', 'application/at+jwt']);
/** They change how a token is read (RFC 7515 section 4.1.11, RFC 7797) or bring a key of the sender's own choice. */
const FORBIDDEN = ['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c'];

/**
 * Names the key that is to verify a token, once the token's form and header are known to be right. Nothing it says may be
 * believed before that key has verified it. JWT libraries are lenient here: padding, stray bits, `typ` and `crit`
 * go unnoticed, so two texts could pass for one token.
 *
 * @throws InvalidToken unless it is a compact JWS (RFC 7515 section 7.1) with the header of an access token (RFC 9068 section 2.1)
 */
export function readKeyId(token: string): string {
  must(typeof token === 'string', 'it is no text'); // what an app takes from a query or a message may be anything
  must(token.length <= MAX_LENGTH, 'it is longer than 8 KiB');
  const [header, payload, signature, ...rest] = token.split('.');
  must(header !== undefined && payload !== undefined && signature !== undefined, 'it has fewer than three parts');
  must(rest.length === 0, 'it has more than three parts');
  const keyId = keyIdIn(header);
  mustBeUtf8(decode(payload));
  decode(signature);
  return keyId;
}

/** The tokens of one key have one header: it is read once. */
let latest = { header: '', keyId: '' };

function keyIdIn(header: string): string {
  if (header !== latest.header || header === '')
    latest = { header, keyId: checkHeader(parseObject(decodeText(header))) };
  return latest.keyId;
}

function checkHeader(header: Record<string, unknown>): string {
  const { alg, typ, kid } = header;
  must(alg === 'ES256', 'alg is not ES256');
  must(typeof typ === 'string' && TYPES.has(typ.toLowerCase()), 'typ is not at+jwt');
  must(!FORBIDDEN.some((name) => Object.hasOwn(header, name)), 'the header has a parameter that is never followed');
  must(isKeyId(kid), 'kid has not the form of a key id');
  return kid;
}

/** Node skips what it does not know and ignores stray bits: only text that encodes back to itself is accepted (RFC 4648 section 3.5). */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  must(bytes.length > 0 && bytes.toString('base64url') === part, 'a part is not strict base64url');
  return bytes;
}

function decodeText(part: string): string {
  const bytes = decode(part);
  mustBeUtf8(bytes);
  return bytes.toString();
}

function mustBeUtf8(bytes: Buffer): void {
  must(isUtf8(bytes), 'a part is not UTF-8');
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseJson(text);
  must(isObject(value), 'the header is not a JSON object');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the token.
    throw new InvalidToken('the header is not JSON');
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && KEY_ID.test(value);
}
