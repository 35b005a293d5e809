import fc from 'fast-check';

interface Edit {
  at: number;
  kind: 'replace' | 'insert' | 'remove' | 'swap';
  character: string;
}

const CHARACTERS = [...'abcXYZ019-_.=~+/ %"'];

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('replace', 'insert', 'remove', 'swap'),
  character: fc.oneof(fc.constantFrom(...CHARACTERS), fc.string({ minLength: 1, maxLength: 1 })),
});

/** One to three small changes to a text, of which something is different in the end. */
export function changesOf(): fc.Arbitrary<(text: string) => string> {
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => (text) => edits.reduce(changed, text));
}

function changed(text: string, { at, kind, character }: Edit): string {
  const i = Math.floor(at * text.length);
  const [before, here, after] = [text.slice(0, i), text.slice(i, i + 1), text.slice(i + 1)];
  if (kind === 'replace') return before + character + after;
  if (kind === 'insert') return before + character + here + after;
  return kind === 'remove' ? before + after : before + after.slice(0, 1) + here + after.slice(1);
}
