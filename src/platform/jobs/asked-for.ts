import { currentRequest, inRequest, type RequestContext } from '../request-context.js';

/** What a job needs to know of a request that named an address and was answered before anybody looked it up. */
export interface AskedFor {
  email: string;
  request: Pick<RequestContext, 'requestId' | 'ip'> | null;
}

export function askedFor(email: string): AskedFor {
  const request = currentRequest();
  return { email, request: request ? { requestId: request.requestId, ip: request.ip } : null };
}

/** So that what is recorded names the request that asked, and whence. */
export function inItsRequest<T>({ request }: Pick<AskedFor, 'request'>, work: () => T): T {
  return request ? inRequest(request, work) : work();
}
