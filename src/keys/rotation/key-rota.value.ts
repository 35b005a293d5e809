import { KEPT_AFTER_SECONDS, PUBLISHED_BEFORE_SECONDS } from './key-times.value.js';

/** When a key was published, started to sign, and stopped. By the database's clock. */
export interface KeyDates {
  kid: string;
  createdAt: Date;
  activatedAt: Date | null;
  retiredAt: Date | null;
}

/** The changes that are due. If nothing is set, none are. */
export interface DueWork {
  /** The standby key takes over. */
  rotate: boolean;
  makeStandby: boolean;
  /** Ids of keys whose last token has expired. */
  remove: readonly string[];
}

/** The signing key: the newest of those that are active and not retired. */
export function signingKey<Key extends KeyDates>(keys: readonly Key[]): Key | undefined {
  const signing = keys.filter(({ activatedAt, retiredAt }) => activatedAt !== null && retiredAt === null);
  return signing.sort((one, other) => time(one.activatedAt) - time(other.activatedAt)).at(-1);
}

/** The standby key: published, but not signing yet. If there are several, the oldest, because most caches know it. */
export function standbyKey<Key extends KeyDates>(keys: readonly Key[]): Key | undefined {
  const waiting = keys.filter(({ activatedAt }) => activatedAt === null);
  return waiting.sort((one, other) => time(one.createdAt) - time(other.createdAt))[0];
}

/** When the standby key will have been published long enough for all caches to know it. */
export function maySignFrom({ createdAt }: Pick<KeyDates, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + PUBLISHED_BEFORE_SECONDS * 1000);
}

/** When the last token that the key signed will have expired. */
export function removableFrom(retiredAt: Date): Date {
  return new Date(retiredAt.getTime() + KEPT_AFTER_SECONDS * 1000);
}

/**
 * @param now by the same clock as the dates of the keys
 * @param signsSeconds how long a key signs before the next one takes over
 */
export function dueWork(keys: readonly KeyDates[], now: Date, signsSeconds: number): DueWork {
  const signing = signingKey(keys);
  const standby = standbyKey(keys);
  const isOld = signing !== undefined && time(signing.activatedAt) + signsSeconds * 1000 <= now.getTime();
  const rotate = isOld && standby !== undefined && maySignFrom(standby) <= now;
  const dead = keys.filter(({ retiredAt }) => retiredAt !== null && removableFrom(retiredAt) <= now);
  return { rotate, makeStandby: standby === undefined, remove: dead.map(({ kid }) => kid) };
}

function time(at: Date | null): number {
  return at?.getTime() ?? 0;
}
