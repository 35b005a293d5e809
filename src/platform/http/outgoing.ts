/** Why another server gave no usable answer. Never contains what it said. */
export type Silence = 'timeout' | 'unreachable' | 'status' | 'too_long' | 'garbage';

/** Another server gave no usable answer. */
export class NoAnswer extends Error {
  constructor(readonly reason: Silence) {
    super(`another server gave no answer: ${reason}`);
    this.name = 'NoAnswer';
  }
}

interface Bounds {
  headers?: Readonly<Record<string, string>>;
  /** For the whole request, including the body. */
  withinMillis: number;
  maxBytes: number;
}

/** GETs a text from another server. Follows no redirects and sends no cookies. */
export async function getText(url: string, { headers = {}, withinMillis, maxBytes }: Bounds): Promise<string> {
  const signal = AbortSignal.timeout(withinMillis);
  try {
    const response = await fetch(url, { headers, signal, redirect: 'manual', credentials: 'omit', referrer: '' });
    if (response.status === 200) return await bounded(response, maxBytes);
    await response.body?.cancel();
    throw new NoAnswer('status');
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(signal.aborted ? 'timeout' : 'unreachable');
  }
}

async function bounded(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) throw new NoAnswer('too_long'); // leaving the loop cancels the body
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
