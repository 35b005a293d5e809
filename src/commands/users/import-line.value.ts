import { validate as isUuid } from 'uuid';
import { parseForeignHash } from '../../auth/passwords/imported-hash.value.js';
import type { ImportedAccount } from '../../auth/registration/imported-account.value.js';
import { chooseLocale } from '../../platform/locale.value.js';
import { parseEmailAddress } from '../../users/email-address/email-address.value.js';
import { ROLE_PATTERN } from '../../users/role.value.js';

/** Why a line is refused. Names the field, and never contains its value. */
export interface LineProblem {
  problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Thrown and caught within this file. */
class BadField extends Error {}

const KNOWN = ['email', 'emailVerified', 'passwordHash', 'role', 'locale', 'createdAt', 'id'];
/** RFC 3339. The offset is required, because without it the time is ambiguous. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const ROLE = new RegExp(ROLE_PATTERN);
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** @param now `createdAt` must not be later */
export function parseImportLine(line: string, now: Date): ImportedAccount | LineProblem {
  try {
    return accountOf(fieldsOf(line), now);
  } catch (error) {
    if (error instanceof BadField) return { problem: error.message };
    throw error;
  }
}

function fieldsOf(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadField('not JSON'); // the parser's message would repeat the input
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadField('not a JSON object');
  const unknown = Object.keys(value).find((name) => !KNOWN.includes(name));
  if (unknown === undefined) return value as Fields;
  throw new BadField(`${/^\w{1,40}$/.test(unknown) ? unknown : 'a name'}: not one of ${KNOWN.join(', ')}`);
}

function accountOf(fields: Fields, now: Date): ImportedAccount {
  const id = parsed(fields, 'id', (text) => (isUuid(text) ? text.toLowerCase() : null), 'not a UUID');
  const email = parsed(fields, 'email', parseEmailAddress, 'not one plain email address');
  const role = parsed(fields, 'role', (text) => (ROLE.test(text) ? text : null), 'not small letters, digits, - and _');
  const locale = parsed(fields, 'locale', (text) => (LANGUAGE.test(text) ? text : null), 'not a language tag');
  const createdAt = parsed(fields, 'createdAt', (text) => timeOf(text, now), 'not a past time with its offset or Z');
  const password = parsed(fields, 'passwordHash', parseForeignHash, 'not a bcrypt hash of a cost from 4 to 15');
  if (email === undefined) throw new BadField('email: missing');
  return {
    ...{ email, emailVerified: flag(fields, 'emailVerified'), role: role ?? 'user', password: password ?? null },
    locale: chooseLocale(locale, null),
    ...(id !== undefined && { id }),
    ...(createdAt !== undefined && { createdAt }),
  };
}

/** @param parse returns null for an invalid value @returns undefined if the field is missing or null */
function parsed<Value>(
  fields: Fields,
  name: string,
  parse: (text: string) => Value | null,
  rule: string,
): Value | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  const found = typeof value === 'string' ? parse(value) : null;
  if (found === null) throw new BadField(`${name}: ${rule}`);
  return found;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw new BadField(`${name}: neither true nor false`);
  return value;
}

/** Not before 1970, because a generated id contains the time in milliseconds since the Unix epoch. */
function timeOf(text: string, now: Date): Date | null {
  const millis = TIME.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
  return millis >= 0 && millis <= now.getTime() ? new Date(millis) : null;
}
