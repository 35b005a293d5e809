import fc from 'fast-check';
import { cursorOf, type ListOrder, positionOf } from '../../src/admin/listing/list-position.value.js';
import { decodePlace, encodePlace } from '../../src/audit/pages/page-place.value.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.base64String({ maxLength: 60 }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
);

describe('A cursor', () => {
  it.each<[ListOrder, fc.Arbitrary<string>]>([
    ['id', fc.uuid()],
    ['email', fc.stringMatching(/^[!-~]{1,254}$/)],
  ])('of a list by %s leads back to where the page ended', (order, position) => {
    fc.assert(fc.property(position, (last) => expect(positionOf(cursorOf(last), order)).toBe(last)));
  });

  it('of events leads back to where the page ended', () => {
    const place = fc.record({
      createdAt: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      id: fc.uuid(),
    });
    fc.assert(fc.property(place, (last) => expect(decodePlace(encodePlace(last))).toEqual(last)));
  });

  it('that somebody made up is none, or the one that this place has', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const order of ['id', 'email'] as const) {
          const position = positionOf(text, order);
          if (position !== null) expect(cursorOf(position)).toBe(text);
        }
        const place = decodePlace(text);
        if (place) expect(encodePlace(place)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});
