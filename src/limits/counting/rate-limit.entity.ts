import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A counter. It does not reveal what it counts, nor for whom. */
@Entity('rate_limits')
export class RateLimit {
  /** HMAC-SHA-256 of what is counted, under a key of `AUTH_SECRET`. */
  @PrimaryColumn('bytea')
  key!: Buffer;

  @Column('integer')
  points!: number;

  /** The quota of the rule at the time of the latest try. */
  @Column('integer')
  quota!: number;

  /** 0: once the quota is used up, it is shut until `expiresAt`. */
  @Column('integer')
  delaySeconds!: number;

  @Column('timestamptz', { nullable: true })
  shutUntil!: Date | null;

  /** When it is forgotten. */
  @Column('timestamptz')
  expiresAt!: Date;
}
