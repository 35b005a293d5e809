import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * That a session was closed, for one receiver that has not acknowledged it yet. Written by the trigger on `sessions`, in the
 * transaction that closes, and by nothing else.
 */
@Entity('signals')
@Index(['receiverId', 'closedAt'])
export class Signal {
  /** The same each time it is sent. */
  @PrimaryColumn('uuid')
  jti!: string;

  @Column('text')
  receiverId!: string;

  /** The id of its entry in the feed: the same for all receivers. */
  @Column('bigint')
  revocationId!: string;

  @Column('uuid')
  sessionId!: string;

  @Column('uuid')
  userId!: string;

  /** Unknown where the session was closed past the service, or deleted. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Index()
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  closedAt!: Date;
}
