import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A closed session, for one receiver that has not acknowledged it yet. Only the trigger on `sessions` writes this table, in the
 * transaction that closes the session.
 */
@Entity('signals')
@Index(['receiverId', 'closedAt'])
export class Signal {
  /** The same for each delivery. */
  @PrimaryColumn('uuid')
  jti!: string;

  @Column('text')
  receiverId!: string;

  /** The id of the entry in the revocation feed, which is the same for all receivers. */
  @Column('bigint')
  revocationId!: string;

  @Column('uuid')
  sessionId!: string;

  @Column('uuid')
  userId!: string;

  /** Null if the session was deleted, or closed by something other than the service. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Index()
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  closedAt!: Date;
}
