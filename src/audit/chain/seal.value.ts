import { createHash } from 'node:crypto';

/** An event as it is sealed: all of it but the ip, which may be erased. */
export interface SealedContent {
  id: string;
  type: string;
  actorId: string | null;
  subjectId: string | null;
  sessionId: string | null;
  requestId: string | null;
  /** To the millisecond. */
  createdAt: Date;
  /** The jsonb as PostgreSQL writes it: keys in its own order, a blank after each colon and comma. */
  detailText: string;
}

/** A place in the chain: everything up to it is known by its digest. */
export interface ChainLink {
  seq: number;
  /** 32 bytes. */
  digest: Buffer;
}

/**
 * The next link: SHA-256 of the digest before (32 bytes) and of the JSON array of seq, id, type, actor, subject, session,
 * request, time (ISO 8601, UTC, milliseconds) and detail (as text), in UTF-8 and without blanks. This form never changes.
 */
export function nextLink(previous: ChainLink, content: SealedContent): ChainLink {
  const seq = previous.seq + 1;
  const { id, type, actorId, subjectId, sessionId, requestId, createdAt, detailText } = content;
  const canonical = [seq, id, type, actorId, subjectId, sessionId, requestId, createdAt.toISOString(), detailText];
  const digest = createHash('sha256').update(previous.digest).update(JSON.stringify(canonical)).digest();
  return { seq, digest };
}

/** A link as an operator keeps it: `SEQ:DIGEST`, the digest in hexadecimal. */
export function linkText({ seq, digest }: ChainLink): string {
  return `${seq}:${digest.toString('hex')}`;
}

/** @returns null for what is not a link's text */
export function parseLink(text: string): ChainLink | null {
  const [, seq, digest] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq && digest ? { seq: Number(seq), digest: Buffer.from(digest, 'hex') } : null;
}
