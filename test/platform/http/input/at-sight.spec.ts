import { afterEach, describe, expect, it } from '@jest/globals';
import { ValidateBy } from 'class-validator';
import fc from 'fast-check';
import { RefreshTokenRequest } from '../../../../src/auth/auth.dto.js';
import { ValidationFailed } from '../../../../src/platform/errors.js';
import { createValidationPipe, MayBeMissing, TakenAtSight } from '../../../../src/platform/http/input/validation.js';

const pipe = createValidationPipe();

async function outcomeOf(metatype: new () => object, body: object): Promise<unknown> {
  try {
    const taken: unknown = await pipe.transform(structuredClone(body), { type: 'body', metatype });
    return taken instanceof metatype ? { ...taken } : 'of another class';
  } catch (error) {
    if (error instanceof ValidationFailed) return error.errors;
    throw error;
  }
}

describe('a body that is taken at sight', () => {
  let looks = 0;
  afterEach(() => {
    looks = 0;
  });

  const seen = { name: 'seen', validator: { validate: (value: unknown) => (looks += 1) > 0 && value === 'plain' } };

  @TakenAtSight('text', /^plain$/)
  class Note {
    @MayBeMissing()
    @ValidateBy(seen)
    text?: string;
  }

  it('is an instance of its class, and no rule has looked at it', async () => {
    expect(await pipe.transform({ text: 'plain' }, { type: 'body', metatype: Note })).toEqual(
      Object.assign(new Note(), { text: 'plain' }),
    );
    expect(looks).toBe(0);
  });

  it('is held against its rules when anything else is about it', async () => {
    expect(await outcomeOf(Note, { text: 'other' })).toMatchObject([{ field: 'text' }]);
    expect(await outcomeOf(Note, { text: ['plain'] })).toMatchObject([{ field: 'text' }]);
    expect(looks).toBe(2);
    expect(await outcomeOf(Note, { text: 'plain', more: 1 })).toMatchObject([{ field: 'more' }]);
    expect(await outcomeOf(Note, { other: 'plain' })).toMatchObject([{ field: 'other' }]);
    expect(await outcomeOf(Note, {})).toEqual({ text: undefined });
  });
});

describe('a refresh token in a body', () => {
  /** The rules are inherited, and that it is taken at sight is not. */
  class AskedEachRule extends RefreshTokenRequest {}

  const token = fc.oneof(
    fc.string({ minLength: 1, maxLength: 512 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('', ' ', 'a\n', '\n', 'a'.repeat(512), 'a'.repeat(513), '\u007f', 'é'),
    fc.jsonValue(),
  );
  const body = fc.oneof(
    fc.record({ refreshToken: token }),
    fc.record({ refreshToken: token, other: fc.jsonValue() }, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom('refreshToken', 'RefreshToken', 'transport', ''), token),
  );

  it('meets the same answer at sight as by the rules one by one', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        expect(await outcomeOf(RefreshTokenRequest, given)).toEqual(await outcomeOf(AskedEachRule, given));
      }),
      { numRuns: 500 },
    );
  });
});
