import { batchesOf, linesOf } from '../../../src/commands/users/import-file.value.js';

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('A file to be imported', () => {
  it('is read by lines, wherever its chunks end, and with or without a last line break', async () => {
    expect(await all(linesOf(chunks('\uFEFFon', 'e\r\n\n  \nfo', 'ur\nfive')))).toEqual([
      { line: 1, text: 'one\r' },
      { line: 4, text: 'four' },
      { line: 5, text: 'five' },
    ]);
    expect(await all(linesOf(chunks('one\n')))).toEqual([{ line: 1, text: 'one' }]);
    expect(await all(linesOf(chunks()))).toEqual([]);
  });

  it('may hold a line that is too long to be kept', async () => {
    const long = Array.from({ length: 20 }, () => 'x'.repeat(1_000));
    expect(await all(linesOf(chunks('one\n', ...long, '\nthree')))).toEqual([
      { line: 1, text: 'one' },
      { line: 2, text: null },
      { line: 3, text: 'three' },
    ]);
    expect(await all(linesOf(chunks(...long)))).toEqual([{ line: 1, text: null }]);
  });

  it('is imported some lines at a time, and the rest', async () => {
    expect(await all(batchesOf(chunks('a', 'b', 'c'), 2))).toEqual([['a', 'b'], ['c']]);
    expect(await all(batchesOf(chunks('a', 'b'), 2))).toEqual([['a', 'b']]);
    expect(await all(batchesOf(chunks(), 2))).toEqual([]);
  });
});
