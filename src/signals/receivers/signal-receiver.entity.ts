import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For whom the trigger on `sessions` keeps signals. */
@Entity('signal_receivers')
export class SignalReceiver {
  @PrimaryColumn('text')
  id!: string;

  /** When a replica last said that its settings name it. */
  @Column('timestamptz', { default: () => 'now()' })
  configuredAt!: Date;
}
