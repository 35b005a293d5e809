const MOST_LINE_CHARACTERS = 1024;

/** What a feed says: that a session was closed, that all was told, that nothing is missing, or when to come again. */
export type FeedEvent =
  | { kind: 'closed'; digest: string; id: string | undefined }
  | { kind: 'current' | 'beat' }
  | { kind: 'retry'; millis: number };

/** Reads server-sent events (HTML section 9.2), as far as the feed uses them. What is none of the feed's is passed over. */
export class FeedEvents {
  private rest = '';
  private fields: { event?: string; data?: string; id?: string } = {};

  /**
   * @param text what came next, cut anywhere
   * @throws Error when a line does not end
   */
  *read(text: string): Generator<FeedEvent> {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MOST_LINE_CHARACTERS) throw new Error('the feed has a line that does not end');
    for (const line of lines) {
      const event = this.readLine(line.replace(/\r$/, ''));
      if (event) yield event;
    }
  }

  private readLine(line: string): FeedEvent | undefined {
    if (line === '') return this.complete();
    if (line.startsWith(':')) return { kind: 'beat' };
    const [, name = '', value = ''] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    if (name === 'event' || name === 'data' || name === 'id') this.fields[name] = value;
    return name === 'retry' && /^\d{1,9}$/.test(value) ? { kind: 'retry', millis: Number(value) } : undefined;
  }

  private complete(): FeedEvent | undefined {
    const { event, data, id } = this.fields;
    this.fields = {};
    if (event === 'current') return { kind: 'current' };
    return event === undefined && isDigest(data) ? { kind: 'closed', digest: copy(data), id: feedId(id) } : undefined;
  }
}

export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value);
}

/** An id of the feed as text, to go on after it; undefined when it is none. */
export function feedId(value: unknown): string | undefined {
  return /^\d{1,15}$/.test(String(value)) ? String(value) : undefined;
}

/** A text of its own: a part of a longer one would keep all of that in memory. */
function copy(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
