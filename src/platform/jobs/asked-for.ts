import { currentRequest, inRequest, type RequestContext } from '../request-context.js';

/** The data of a job for a request that gave an email address and was answered before the address was looked up. */
export interface AskedFor {
  email: string;
  request: Pick<RequestContext, 'requestId' | 'ip'> | null;
}

export function askedFor(email: string): AskedFor {
  const request = currentRequest();
  return { email, request: request ? { requestId: request.requestId, ip: request.ip } : null };
}

/** Runs work in the context of the original request, so that audit events and logs carry its id and IP address. */
export function inItsRequest<T>({ request }: Pick<AskedFor, 'request'>, work: () => T): T {
  return request ? inRequest(request, work) : work();
}
