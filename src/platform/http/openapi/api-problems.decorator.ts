import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE, problemTitle, toProblem } from '../problems/problem.js';
import { Problem } from './problem.schema.js';

const REQUEST_ID = '0b0f3a0e-6a54-4bb5-9f3e-0c8c1f2a7d11';

const HEADERS: Readonly<
  Record<number, Record<string, { description: string; schema: { type: 'string' | 'integer' } }>>
> = {
  401: { 'WWW-Authenticate': { description: 'On bearer routes (RFC 6750).', schema: { type: 'string' } } },
  429: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
  503: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
};

/** Documents which refusals an operation may give: `@ApiProblems({ 401: ['invalid_token'] })`, status to codes. */
export function ApiProblems(
  codesByStatus: Readonly<Record<number, readonly string[]>>,
): MethodDecorator & ClassDecorator {
  const responses = Object.entries(codesByStatus).map(([status, codes]) => response(Number(status), codes));
  return applyDecorators(ApiExtraModels(Problem), ...responses);
}

function response(status: number, codes: readonly string[]): MethodDecorator & ClassDecorator {
  const examples = Object.fromEntries(codes.map((code) => [code, example(status, code)]));
  return ApiResponse({
    status,
    description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(Problem) }, examples } },
    ...(HEADERS[status] && { headers: HEADERS[status] }),
  });
}

function example(status: number, code: string): { summary: string; value: object } {
  const title = problemTitle(code);
  return { summary: title, value: toProblem({ status, code, detail: `${title}.` }, REQUEST_ID) };
}
