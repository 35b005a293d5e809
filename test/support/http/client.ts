/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  // Tests look into answers of every shape; expectations say what they are.
  body: Record<string, unknown>;
  text: string;
}

export interface RequestOptions {
  bearer?: string;
  headers?: Record<string, string>;
}

/** Speaks JSON with the service at `url`, over real HTTP. */
export class Client {
  constructor(private readonly url: string) {}

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.send('GET', path, undefined, options);
  }

  delete(path: string, { body, ...options }: RequestOptions & { body?: unknown } = {}): Promise<Answer> {
    return this.send('DELETE', path, body === undefined ? undefined : JSON.stringify(body), options);
  }

  post(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.send('POST', path, body === undefined ? undefined : JSON.stringify(body), options);
  }

  patch(path: string, body: unknown, options: RequestOptions = {}): Promise<Answer> {
    return this.send('PATCH', path, JSON.stringify(body), options);
  }

  /** A body exactly as given. */
  raw(
    path: string,
    body: string | Uint8Array,
    contentType: string,
    headers: Record<string, string> = {},
    method = 'POST',
  ): Promise<Answer> {
    return this.send(method, path, body, { headers: { 'content-type': contentType, ...headers } });
  }

  private async send(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    { bearer, headers }: RequestOptions,
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text };
  }
}
