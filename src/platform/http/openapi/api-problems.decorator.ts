import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { Refused } from '../problems/problem.js';
import { addProblem, type ProblemResponses } from './problem-responses.js';

/**
 * Documents the refusals of an operation, given as error instances, so that the documented statuses, codes and texts are those
 * that are sent: `@ApiProblems(new EmailTaken(), DATABASE_UNAVAILABLE)`. `completeDocument` adds those that every operation has.
 */
export function ApiProblems(...refusals: readonly (Error | Refused)[]): MethodDecorator & ClassDecorator {
  const responses: ProblemResponses = {};
  for (const refusal of refusals) addProblem(responses, refusal);
  return applyDecorators(
    ...Object.entries(responses).map(([status, response]) => ApiResponse({ status: Number(status), ...response })),
  );
}
