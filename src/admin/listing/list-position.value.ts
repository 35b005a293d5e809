import { validate as isUuid } from 'uuid';

/** The column by which a list of users is sorted. */
export type ListOrder = 'id' | 'email';

/** The positions before the first row: emails ascend from '', and ids descend from the highest UUID. */
const BEGINNING: Readonly<Record<ListOrder, string>> = { email: '', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

const EMAIL = /^[!-~]{1,254}$/;

/** @returns the position after which the page begins, or null if the cursor is not from this list */
export function positionOf(cursor: string | undefined, order: ListOrder): string | null {
  if (cursor === undefined) return BEGINNING[order];
  const position = Buffer.from(cursor, 'base64url').toString('latin1');
  if (cursorOf(position) !== cursor) return null;
  return (order === 'id' ? isUuid(position) : EMAIL.test(position)) ? position : null;
}

/**
 * @param position the last one of a page. @returns an opaque cursor; it hides the email at first sight, because it appears in
 * URLs
 */
export function cursorOf(position: string): string {
  return Buffer.from(position, 'latin1').toString('base64url');
}
