import { get as getByHttp, type IncomingMessage } from 'node:http';
import { get as getByHttps } from 'node:https';

const MOST_RETRY_AFTER_SECONDS = 60;

/** The issuer answers, but not with what was asked for. */
export class FeedRefused extends Error {
  /** When to come again at the earliest. */
  readonly retryAfterMillis: number;

  constructor({ statusCode, headers }: IncomingMessage) {
    super(`the feed answered with status ${statusCode} and content type ${headers['content-type'] ?? 'none'}`);
    const seconds = Number(headers['retry-after']);
    this.retryAfterMillis = seconds > 0 ? Math.min(seconds, MOST_RETRY_AFTER_SECONDS) * 1000 : 0;
  }
}

/**
 * Asks for a document of that type, as text; its body is yet to be read. Unlike `fetch` it does not keep the process alive. No redirect is
 * followed.
 *
 * @throws FeedRefused when it is another status or type; any error when nobody answers
 */
export async function ask(
  url: URL,
  type: string,
  lastId: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getByHttps : getByHttp;
  const headers = { accept: type, ...(lastId !== undefined && { 'last-event-id': lastId }) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // With an agent of its own, a stream that lasts for days takes no place from the requests of the app.
    const request = get(url, { agent: false, headers, signal }, resolve);
    request.on('error', reject).on('socket', (socket) => socket.unref());
  });
  if (response.statusCode === 200 && response.headers['content-type']?.startsWith(type)) {
    return response.setEncoding('latin1');
  }
  response.destroy();
  throw new FeedRefused(response);
}
