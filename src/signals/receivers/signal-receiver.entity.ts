import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For whom the triggers on `sessions` and `users` keep signals. */
@Entity('signal_receivers')
export class SignalReceiver {
  @PrimaryColumn('text')
  id!: string;

  /** When a replica last confirmed that its settings list the receiver. */
  @Column('timestamptz', { default: () => 'now()' })
  configuredAt!: Date;

  /** When a replica last said that its settings name it for account events; null: it gets none. */
  @Column('timestamptz', { nullable: true })
  accountEventsAt!: Date | null;
}
