import autocannon from 'autocannon';

/**
 * @typedef {{ perSecond: number, p50: number, p99: number, refused: number }} Figures
 *
 * @typedef {object} Load
 * @property {number} connections
 * @property {number} seconds
 * @property {'GET' | 'POST'} [method]
 * @property {Record<string, string>} [headers]
 * @property {() => object} [body] of each request, a new one
 * @property {number} [perSecond] at most so many requests, over all connections
 */

/** @returns {Promise<Figures>} latencies in milliseconds */
export async function load(/** @type {string} */ url, /** @type {Load} */ { connections, seconds, ...what }) {
  const { method = 'GET', headers = {}, body, perSecond } = what;
  const setupRequest = (/** @type {autocannon.Request} */ request) => ({ ...request, body: JSON.stringify(body?.()) });
  return figuresOf(
    await autocannon({
      url,
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json', origin: new URL(url).origin }) },
      connections,
      duration: seconds,
      ...(perSecond && { overallRate: perSecond }),
      ...(body && { requests: [{ setupRequest }] }),
    }),
  );
}

/**
 * Every client refreshes, waits for the answer, and refreshes with what it was given: as many clients as there are tokens.
 *
 * @param {string} url
 * @param {{ tokens: string[], seconds: number }} clients
 * @returns {Promise<Figures>}
 */
export async function refreshChains(url, { tokens, seconds }) {
  const newest = [...tokens];
  /** @type {autocannon.Request} */
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    setupRequest: (given) => ({ ...given, body: JSON.stringify({ refreshToken: newest.shift() }) }),
    onResponse: (status, body) => {
      if (status === 200) newest.push(JSON.parse(body).refreshToken);
    },
  };
  return figuresOf(await autocannon({ url, connections: tokens.length, duration: seconds, requests: [request] }));
}

/** @returns {Figures} */
function figuresOf(/** @type {autocannon.Result} */ result) {
  if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
  if (result['2xx'] === 0 && result.non2xx > 0) throw new Error(`all ${result.non2xx} requests were refused`);
  const { '2xx': done, non2xx: refused, latency } = result;
  return { perSecond: done / result.duration, p50: latency.p50, p99: latency.p99, refused };
}
