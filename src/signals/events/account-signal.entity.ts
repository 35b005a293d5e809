import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * That an account was disabled, enabled or erased, or its email address changed, for one receiver that has not acknowledged it
 * yet. Written by the triggers on `users`, in the transaction of the change, and by nothing else.
 */
@Entity('account_signals')
@Index(['receiverId', 'occurredAt'])
export class AccountSignal {
  /** The same each time it is sent. */
  @PrimaryColumn('uuid')
  jti!: string;

  /** The same for all receivers. */
  @Column('uuid')
  eventId!: string;

  @Column('text')
  receiverId!: string;

  /** Nobody has this id any more where the account was erased. */
  @Column('uuid')
  userId!: string;

  /** The last part of the event's type. */
  @Column('text')
  type!: string;

  @Index()
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  occurredAt!: Date;
}
