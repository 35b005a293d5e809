import type { OpenAPIObject, OperationObject, ReferenceObject, ResponseObject, SchemaObject } from '@nestjs/swagger';
import type { Answer } from '../support/http/client.js';

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

/** A body made of the examples that the document gives, with what is known better. Undefined for an operation that takes none. */
export function bodyFor(
  { components }: OpenAPIObject,
  { requestBody }: Operation,
  better: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  if (!requestBody || !('content' in requestBody)) return undefined;
  const { $ref } = requestBody.content['application/json']?.schema as ReferenceObject;
  const schema = components?.schemas?.[$ref.split('/').at(-1)!] as SchemaObject;
  const exampleOf = (one: object): unknown => ('example' in one ? one.example : undefined);
  const examples = Object.entries(schema.properties ?? {}).map(([name, one]) => ({
    [name]: better[name] ?? exampleOf(one),
  }));
  return Object.assign({}, ...examples) as Record<string, unknown>;
}

/** The answer's status, code and headers stand in the document. */
export function expectDocumented(operation: Operation, { status, body, headers }: Answer): void {
  const response = responseOf(operation, status);
  const examples = Object.values(response?.content?.['application/problem+json']?.examples ?? {});
  const codes = examples.map((example) => (example as { value: { code: string } }).value.code);
  expect([operation.name, status, codes]).toEqual([operation.name, status, expect.arrayContaining([body.code])]);
  const documented = Object.keys(response?.headers ?? {}).map((name) => name.toLowerCase());
  for (const header of [
    'www-authenticate',
    'retry-after',
    'ratelimit',
    'ratelimit-policy',
    'cache-control',
    'x-request-id',
  ]) {
    if (headers.has(header)) expect(documented).toContain(header);
  }
}
