import { KEPT_AFTER_SECONDS, PUBLISHED_BEFORE_SECONDS } from './key-times.value.js';

/** What the rota asks of a key: when it was published, began to sign, and ended to. By the database's clock. */
export interface KeyDates {
  kid: string;
  createdAt: Date;
  activatedAt: Date | null;
  retiredAt: Date | null;
}

/** What is to be done about the keys now. Nothing is due when nothing is set. */
export interface DueWork {
  /** The standby key takes over. */
  rotate: boolean;
  makeStandby: boolean;
  /** Ids of the keys whose last token is dead. */
  remove: readonly string[];
}

/** The key that signs: of those that began and have not ended, the newest. */
export function signingKey<Key extends KeyDates>(keys: readonly Key[]): Key | undefined {
  const signing = keys.filter(({ activatedAt, retiredAt }) => activatedAt !== null && retiredAt === null);
  return signing.sort((one, other) => time(one.activatedAt) - time(other.activatedAt)).at(-1);
}

/** The key that is published and signs nothing yet: of several the oldest, which most caches know. */
export function standbyKey<Key extends KeyDates>(keys: readonly Key[]): Key | undefined {
  const waiting = keys.filter(({ activatedAt }) => activatedAt === null);
  return waiting.sort((one, other) => time(one.createdAt) - time(other.createdAt))[0];
}

/** When the standby key has been published for long enough to sign without any token being refused. */
export function maySignFrom({ createdAt }: Pick<KeyDates, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + PUBLISHED_BEFORE_SECONDS * 1000);
}

/** When the last token that a key signed is dead. */
export function removableFrom(retiredAt: Date): Date {
  return new Date(retiredAt.getTime() + KEPT_AFTER_SECONDS * 1000);
}

/**
 * @param now by the clock that gave the keys their dates
 * @param signsSeconds how long a key signs before the next takes over
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
