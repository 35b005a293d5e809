/** A line of the file. */
export interface FileLine {
  /** From 1. */
  line: number;
  /** Null for one that is too long to be kept. */
  text: string | null;
}

/** In characters: several times what the fields of a line can hold. */
const MAX_LENGTH = 16_384;

/** Lines that hold something, one after the other: of a file of any size no more than a line and a chunk is in memory. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<FileLine> {
  let line = 0;
  let rest = '';
  for await (const chunk of chunks) {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > MAX_LENGTH) rest = rest.slice(0, MAX_LENGTH + 1); // so much is enough to refuse it
    for (const text of texts) yield* lineOf(text, (line += 1));
  }
  yield* lineOf(rest, line + 1);
}

function* lineOf(text: string, line: number): Generator<FileLine> {
  const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
  if (bare.trim() !== '') yield { line, text: bare.length > MAX_LENGTH ? null : bare };
}

/** Some at a time, so that many are stored at once. */
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
