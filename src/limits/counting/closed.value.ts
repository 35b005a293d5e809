// A try is counted on several buckets, and this file decides whether it is let in. For each try a bucket is in one of these states:
// - open: the count is within the quota. It lets the try in.
// - shut: the quota is used up. It refuses the try for as long as it stays shut.
// - shut and `tightensOthers` (the whole service): refuses nobody itself, but lowers the quotas of the caller's other buckets.
// - over its reduced quota: open, but above the lowered quota while such a bucket is shut. It refuses the try.
import type { Bucket, Level } from '../bucket.value.js';

/** A bucket that refuses the caller. */
export interface Closed {
  bucket: Bucket;
  /** The least time until it lets the caller in. */
  millis: number;
  /** It is not shut itself, but over its `reducedQuota` while a bucket that `tightensOthers` is shut. */
  overReducedQuota: boolean;
}

/** @returns the buckets that refuse the caller; none: the caller is let in */
export function closedBy(levels: readonly Level[]): Closed[] {
  const refused = levels.filter((level) => level.refused);
  const shut = refused
    .filter(({ bucket }) => !bucket.tightensOthers)
    .map(({ bucket, shutMillis: millis }) => ({ bucket, millis, overReducedQuota: false }));
  const tightening = refused.find(({ bucket }) => bucket.tightensOthers);
  if (!tightening) return shut;
  const overReduced = levels.filter(
    ({ bucket: { reducedQuota }, refused, points }) => !refused && reducedQuota !== undefined && points > reducedQuota,
  );
  const tightened = overReduced.map(({ bucket, endsMillis }) => ({
    bucket,
    millis: Math.min(endsMillis, tightening.shutMillis),
    overReducedQuota: true,
  }));
  return [...shut, ...tightened];
}
