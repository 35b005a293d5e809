import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from '../../users/user.entity.js';
import { PasswordKey } from '../passwords/password-key.entity.js';

/** A user's password, as a hash that is worthless without the password key. */
@Entity('credentials')
export class Credential {
  @ForeignKey(() => User, { onDelete: 'CASCADE' })
  @PrimaryColumn('uuid')
  userId!: string;

  @Column('text')
  hash!: string;

  /** How the hash was made. */
  @Column('text')
  scheme!: string;

  @ForeignKey(() => PasswordKey)
  @Column('text')
  passwordKeyId!: string;

  @Column('timestamptz', { default: () => 'now()' })
  updatedAt!: Date;
}
