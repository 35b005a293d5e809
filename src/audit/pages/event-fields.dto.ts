export const ID_OR_NULL = {
  type: String,
  format: 'uuid',
  nullable: true,
  example: '019ab5a4-8f6e-7cc3-a6a5-4d3bf7a1c0de',
} as const;

/** What every event shows, whoever looks at it. */
export const EVENT = {
  id: { format: 'uuid', example: '019ab5a4-9a01-7d0f-8f43-6a1c1d2e3f40' },
  type: { maxLength: 64, description: 'What happened. New types may be added.', example: 'session_closed' },
  createdAt: { type: String, format: 'date-time', example: '2026-01-31T12:00:00.000Z' },
  sessionId: { ...ID_OR_NULL, description: 'The session that the event is about, if any.' },
  ip: {
    type: String,
    nullable: true,
    maxLength: 45,
    description: 'The IP address that the request came from.',
    example: '203.0.113.7',
  },
  detail: {
    type: 'object',
    additionalProperties: true,
    description: 'Further details; they depend on the type.',
    example: { reason: 'logout' },
  },
} as const;

export const NEXT_CURSOR = {
  type: String,
  nullable: true,
  maxLength: 30,
  description: 'Send it as `cursor` to get the next page. Null on the last page.',
  example: 'AZwT6ggAAZq1pJoBfQ-PQ2ocHS4_QA',
} as const;
