import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** A device that has logged in to an account and got a token. */
@Entity('known_devices')
export class KnownDevice {
  @ForeignKey(() => User, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  userId!: string;

  /** SHA-256 of the user id and the device id, so that rows do not reveal that two users share a browser. */
  @PrimaryColumn('bytea')
  digest!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  /** Accurate to a day. Later than `createdAt` if the device has returned and shown its token. */
  @Index()
  @Column('timestamptz', { default: () => 'now()' })
  lastSeenAt!: Date;
}

/** A known device in the owner's data export. */
export type KeptDevice = Pick<KnownDevice, 'createdAt' | 'lastSeenAt'>;
