import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** A device that has logged in to an account and was given a token to be known by. */
@Entity('known_devices')
export class KnownDevice {
  @ForeignKey(() => User, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  userId!: string;

  /** SHA-256 over the user's id and the device's: the rows of two people do not tell that they share a browser. */
  @PrimaryColumn('bytea')
  digest!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  /** To the day. Later than `createdAt` once the device has come back and shown its token. */
  @Index()
  @Column('timestamptz', { default: () => 'now()' })
  lastSeenAt!: Date;
}

/** A known device, as its owner is given it. */
export type KeptDevice = Pick<KnownDevice, 'createdAt' | 'lastSeenAt'>;
