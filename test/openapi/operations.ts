import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import type { Answer } from '../support/client.js';

/** An operation of the OpenAPI document, and where to call it. */
export interface Operation extends OperationObject {
  name: string;
  method: string;
  /** With an id that nobody has where it takes one. */
  path: string;
}

export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, OperationObject>).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replace('{id}', '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40'),
    })),
  );
}

export function responseOf({ responses }: Operation, status: number): ResponseObject | undefined {
  return responses[status] as ResponseObject | undefined;
}

/** The answer's status, code and headers stand in the document. */
export function expectDocumented(operation: Operation, { status, body, headers }: Answer): void {
  const response = responseOf(operation, status);
  const examples = Object.values(response?.content?.['application/problem+json']?.examples ?? {});
  const codes = examples.map((example) => (example as { value: { code: string } }).value.code);
  expect([operation.name, status, codes]).toEqual([operation.name, status, expect.arrayContaining([body.code])]);
  const documented = Object.keys(response?.headers ?? {}).map((name) => name.toLowerCase());
  for (const header of ['www-authenticate', 'retry-after', 'cache-control', 'x-request-id']) {
    if (headers.has(header)) expect(documented).toContain(header);
  }
}
