import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE, type Refused, toProblem } from '../problems/problem.js';
import { headersOf, refusedFor } from '../problems/refused.js';
import { RATE_LIMIT, RATE_LIMIT_POLICY, RETRY_AFTER, WWW_AUTHENTICATE } from './headers.js';

const REQUEST_ID = '0b0f3a0e-6a54-4bb5-9f3e-0c8c1f2a7d11';

type Headers = NonNullable<NonNullable<OpenAPIObject['components']>['headers']>;

/** The response for one status, with an example for each problem. */
interface ProblemResponse {
  description: string;
  headers?: Headers;
  content: Record<string, { schema: { $ref: string }; examples: Record<string, { summary: string; value: object }> }>;
}

export type ProblemResponses = Record<string, ProblemResponse>;

/** Adds a refusal to the responses of an operation, as `sendProblem` would send it. */
export function addProblem(responses: ProblemResponses, refusal: Error | Refused): void {
  const refused = refusal instanceof Error ? refusedFor(refusal, () => false) : refusal;
  const { status, code } = refused;
  const before = responses[status]?.content[PROBLEM_MEDIA_TYPE]?.examples ?? {};
  const name = code in before ? `${code}_${Object.keys(before).length}` : code;
  const value = toProblem(refused, REQUEST_ID);
  const summary = refused.errors?.[0]?.detail ?? refused.detail;
  const headers = { ...responses[status]?.headers, ...headersFor(refused, refusal) };
  const examples = { ...before, [name]: { summary, value } };
  const codes = new Set(Object.values(examples).map((example) => `\`${(example.value as { code: string }).code}\``));
  responses[status] = {
    description: `${STATUS_CODES[status]}: ${[...codes].join(', ')}`,
    ...(Object.keys(headers).length > 0 && { headers }),
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  };
}

function headersFor({ status, code }: Refused, refusal: Error | Refused): Headers {
  return {
    ...('WWW-Authenticate' in headersOf(refusal) && { 'WWW-Authenticate': WWW_AUTHENTICATE }),
    ...((status === 429 || status === 503) && { 'Retry-After': RETRY_AFTER }),
    ...(code === 'too_many_requests' && { RateLimit: RATE_LIMIT, 'RateLimit-Policy': RATE_LIMIT_POLICY }),
  };
}
