import { parse as uuidBytes, stringify as uuidText } from 'uuid';

/** The last event of a page; the next page begins after it. */
export interface PagePlace {
  createdAt: Date;
  id: string;
}

const MILLIS_BYTES = 6;
const LENGTH = MILLIS_BYTES + 16;
/** The last millisecond of the year 9999. */
const LAST_MILLIS = 253_402_300_799_999;

/** @returns an opaque cursor of 30 base64url characters */
export function encodePlace({ createdAt, id }: PagePlace): string {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUIntBE(createdAt.getTime(), 0, MILLIS_BYTES);
  bytes.set(uuidBytes(id), MILLIS_BYTES);
  return bytes.toString('base64url');
}

/** @returns null if the text is not a cursor */
export function decodePlace(text: string): PagePlace | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== text) return null;
  const millis = bytes.readUIntBE(0, MILLIS_BYTES);
  const id = uuidOf(bytes.subarray(MILLIS_BYTES));
  return millis <= LAST_MILLIS && id ? { createdAt: new Date(millis), id } : null;
}

function uuidOf(bytes: Buffer): string | null {
  try {
    return uuidText(bytes);
  } catch {
    return null; // not a valid UUID
  }
}
