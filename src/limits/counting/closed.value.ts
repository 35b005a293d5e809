import type { Bucket, Level } from '../bucket.value.js';

/** Why a caller is not let in. */
export interface Closed {
  bucket: Bucket;
  /** How long at least. */
  millis: number;
  /** It is not shut itself: it has had its few, while a bucket that yields is shut. */
  pastItsFew: boolean;
}

/** @returns what keeps the caller out who counted on these; nothing: let in */
export function closedBy(levels: readonly Level[]): Closed[] {
  const refused = levels.filter((level) => level.refused);
  const shut = refused
    .filter(({ bucket }) => !bucket.yields)
    .map(({ bucket, shutMillis: millis }) => ({ bucket, millis, pastItsFew: false }));
  const yielding = refused.find(({ bucket }) => bucket.yields);
  if (!yielding) return shut;
  const past = levels.filter(({ bucket: { few }, refused, points }) => !refused && few !== undefined && points > few);
  const tight = past.map(({ bucket, endsMillis }) => ({
    bucket,
    millis: Math.min(endsMillis, yielding.shutMillis),
    pastItsFew: true,
  }));
  return [...shut, ...tight];
}
