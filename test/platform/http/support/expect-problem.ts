import { expect } from '@jest/globals';

const NAMES = ['code', 'detail', 'requestId', 'status', 'title', 'type'];

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  errors?: { field: string; code: string; detail: string }[];
}

/** Holds an answer against the one shape of all refusals. */
export async function expectProblem(response: Response, status: number, code: string): Promise<ProblemBody> {
  const body = (await response.json()) as ProblemBody;
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-request-id')).toBe(body.requestId);
  expectShape(body, status, code);
  return body;
}

export function expectShape(body: ProblemBody, status: number, code: string): void {
  expect(
    Object.keys(body)
      .filter((name) => name !== 'errors')
      .sort(),
  ).toEqual(NAMES);
  expect(body).toMatchObject({ type: `urn:auth-service:problem:${code}`, status, code });
  expect(body.requestId).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
}
