import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { Refused } from '../problems/problem.js';
import { addProblem, type ProblemResponses } from './problem-responses.js';

/**
 * Documents which refusals an operation may give, by the errors themselves, so that statuses, codes and words cannot differ
 * from those that are sent: `@ApiProblems(new EmailTaken(), DATABASE_UNAVAILABLE)`. What any operation may answer is
 * added to all by `completeDocument`.
 */
export function ApiProblems(...refusals: readonly (Error | Refused)[]): MethodDecorator & ClassDecorator {
  const responses: ProblemResponses = {};
  for (const refusal of refusals) addProblem(responses, refusal);
  return applyDecorators(
    ...Object.entries(responses).map(([status, response]) => ApiResponse({ status: Number(status), ...response })),
  );
}
