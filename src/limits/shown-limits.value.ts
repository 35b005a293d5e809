import type { Quota } from '../platform/quota.value.js';
import type { Level } from './bucket.value.js';

/** What the caller may see: only buckets that count nothing of anybody else. */
export function shownLimits(levels: readonly Level[]): Quota[] {
  return levels.flatMap(({ bucket: { name, rule }, points, shutMillis, endsMillis }) => {
    const remaining = shutMillis > 0 ? 0 : Math.max(0, rule.quota - points);
    const resetSeconds = Math.ceil((shutMillis > 0 ? shutMillis : endsMillis) / 1000);
    return name === undefined
      ? []
      : [{ name, quota: rule.quota, windowSeconds: rule.windowSeconds, remaining, resetSeconds }];
  });
}
