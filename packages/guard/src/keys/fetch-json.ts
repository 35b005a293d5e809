const TIME_LIMIT_MS = 3_000;
const SIZE_LIMIT_BYTES = 64 * 1024;

/** A JSON document, and for how many seconds its sender says it may be kept (RFC 9111 section 5.2.2.1). */
export interface JsonDocument {
  value: unknown;
  maxAgeSeconds?: number;
}

/**
 * Fetches a small JSON document, and follows no redirect: the answer comes from this very address.
 *
 * @throws when there is no such answer within 3 s and 64 KiB (unpacked), or before `signal`
 */
export async function fetchJson(url: URL, signal?: AbortSignal): Promise<JsonDocument> {
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS);
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: signal ? AbortSignal.any([signal, timeLimit]) : timeLimit,
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url.href} answers with status ${response.status}`);
  }
  const value: unknown = JSON.parse(await textOf(response, url));
  const maxAge = /(?:^|[\s,])max-age="?(\d{1,9})"?(?:$|[\s,])/i.exec(response.headers.get('cache-control') ?? '')?.[1];
  return { value, ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }) };
}

async function textOf({ body }: Response, url: URL): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > SIZE_LIMIT_BYTES) throw new Error(`${url.href} answers with more than ${SIZE_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
