import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import { MalformedBody } from '../input/json-body.js';
import { refusedWith } from '../problems/status-problems.js';
import { exampleOf, type Schemas } from './examples.js';
import { NO_STORE, REQUEST_ID } from './headers.js';
import { addProblem, type ProblemResponses } from './problem-responses.js';

/**
 * Adds what applies to every operation: refusals of the HTTP layer, response headers, empty `security` for public routes, and
 * examples.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  for (const [name, schema] of Object.entries(schemas)) {
    if (name.endsWith('Request')) schema.additionalProperties = false;
  }
  for (const item of Object.values(document.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      if (item[method]) completeOperation(item[method], schemas);
    }
  }
  return document;
}

function completeOperation(operation: OperationObject, schemas: Schemas): void {
  operation.security ??= [];
  const refusals = operation.responses as ProblemResponses;
  addProblem(refusals, refusedWith(400));
  if (operation.requestBody && 'content' in operation.requestBody) {
    addProblem(refusals, new MalformedBody('The body is not valid JSON.'));
    addProblem(refusals, refusedWith(413));
    addProblem(refusals, refusedWith(415));
    giveExamples(operation.requestBody.content, schemas);
  }
  for (const response of Object.values(operation.responses) as ResponseObject[]) {
    response.headers = { 'Cache-Control': NO_STORE, 'X-Request-Id': REQUEST_ID, ...response.headers };
    if (response.content) giveExamples(response.content, schemas);
  }
}

function giveExamples(content: NonNullable<ResponseObject['content']>, schemas: Schemas): void {
  for (const media of Object.values(content)) {
    if (media.schema && !media.examples && media.example === undefined)
      media.example = exampleOf(media.schema, schemas);
  }
}
