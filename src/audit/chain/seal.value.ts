import { createHash } from 'node:crypto';

/** The sealed content of an event: everything except the IP address, which may be erased. */
export interface SealedContent {
  id: string;
  type: string;
  actorId: string | null;
  subjectId: string | null;
  sessionId: string | null;
  requestId: string | null;
  /** In milliseconds. */
  createdAt: Date;
  /** The jsonb as text in PostgreSQL's format: its own order of keys, and a space after each colon and comma. */
  detailText: string;
}

/** A link of the chain. Its digest covers everything up to it. */
export interface ChainLink {
  seq: number;
  /** 32 bytes. */
  digest: Buffer;
}

/**
 * Computes the next link: SHA-256 of the previous digest (32 bytes) and of the JSON array of seq, id, type, actor, subject,
 * session, request, time (ISO 8601, UTC, milliseconds) and detail (as text), in UTF-8 without whitespace. This format must never
 * change.
 */
export function nextLink(previous: ChainLink, content: SealedContent): ChainLink {
  const seq = previous.seq + 1;
  const { id, type, actorId, subjectId, sessionId, requestId, createdAt, detailText } = content;
  const canonical = [seq, id, type, actorId, subjectId, sessionId, requestId, createdAt.toISOString(), detailText];
  const digest = createHash('sha256').update(previous.digest).update(JSON.stringify(canonical)).digest();
  return { seq, digest };
}

/** A link in the format for operators: `SEQ:DIGEST`, with the digest in hexadecimal. */
export function linkText({ seq, digest }: ChainLink): string {
  return `${seq}:${digest.toString('hex')}`;
}

/** @returns null if the text is not a link */
export function parseLink(text: string): ChainLink | null {
  const [, seq, digest] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq && digest ? { seq: Number(seq), digest: Buffer.from(digest, 'hex') } : null;
}
