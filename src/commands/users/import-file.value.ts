/** A line of the file. */
export interface FileLine {
  /** Starts at 1. */
  line: number;
  /** Null if the line is too long. */
  text: string | null;
}

/** In characters: several times what the fields of a line can hold. */
const MAX_LENGTH = 16_384;

/** Yields the non-empty lines. Keeps only one line and one chunk in memory, whatever the size of the file. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let line = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > MAX_LENGTH) rest = rest.slice(0, MAX_LENGTH + 1); // enough to see that it is too long
    for (const text of texts) yield* lineOf(text, (line += 1));
  }
  yield* lineOf(rest, line + 1);
}

function* lineOf(text: string, line: number): Generator<FileLine> {
  const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
  if (bare.trim() !== '') yield { line, text: bare.length > MAX_LENGTH ? null : bare };
}

/** Groups items, so that each group can be stored at once. */
export async function* batchesOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
