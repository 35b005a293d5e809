import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often something has happened of late. What and to whom cannot be read from it. */
@Entity('rate_limits')
export class RateLimit {
  /** HMAC-SHA-256 of what is counted, under a key of `AUTH_SECRET`. */
  @PrimaryColumn('bytea')
  key!: Buffer;

  @Column('integer')
  points!: number;

  /** As the rule was when it was counted last. */
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
