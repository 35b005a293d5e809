import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';
import type { Purpose } from './one-time-token.value.js';

/** An emailed link: its purpose, owner and expiry. The token itself is not stored. */
@Entity('one_time_tokens')
@Index('one_time_tokens_undo_address_idx', ['address'], { where: `purpose = 'undo_email_change'` })
@Check('one_time_tokens_bound_check', `(bound_email IS NULL) = (bound_epoch IS NULL)`)
export class OneTimeToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea')
  digest!: Buffer;

  @Index()
  @ForeignKey(() => User, { onDelete: 'CASCADE' })
  @Column('uuid')
  userId!: string;

  @Column('text')
  purpose!: Purpose;

  /** The recipient's address. */
  @Column({ type: 'text', collation: 'C' })
  address!: string;

  /**
   * The account's address and `sessionEpoch` when the token was issued. The token is valid only while they are unchanged. Both
   * are null if it should survive changes.
   */
  @Column({ type: 'text', collation: 'C', nullable: true })
  boundEmail!: string | null;

  @Column('integer', { nullable: true })
  boundEpoch!: number | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Index()
  @Column('timestamptz')
  expiresAt!: Date;
}

/** An emailed link, without its token. */
export interface PendingLink {
  purpose: Purpose;
  address: string;
  createdAt: Date;
  expiresAt: Date;
}
