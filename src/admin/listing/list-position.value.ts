import { validate as isUuid } from 'uuid';

/** What pages of users are sorted by. */
export type ListOrder = 'id' | 'email';

/** Before every email and after every id, as the two orders begin. */
const BEGINNING: Readonly<Record<ListOrder, string>> = { email: '', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

const EMAIL = /^[!-~]{1,254}$/;

/** @returns what a page begins behind, or null for a cursor that this list has not given */
export function positionOf(cursor: string | undefined, order: ListOrder): string | null {
  if (cursor === undefined) return BEGINNING[order];
  const position = Buffer.from(cursor, 'base64url').toString('latin1');
  if (cursorOf(position) !== cursor) return null;
  return (order === 'id' ? isUuid(position) : EMAIL.test(position)) ? position : null;
}

/** @param position the last one of a page. @returns text that says nothing at first sight, for it stands in addresses */
export function cursorOf(position: string): string {
  return Buffer.from(position, 'latin1').toString('base64url');
}
