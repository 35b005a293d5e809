import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The key that passwords are prepared with before they are hashed, so that a stolen table alone cannot be cracked. */
@Entity('password_keys')
export class PasswordKey {
  @PrimaryColumn('text')
  id!: string;

  /** The id of the secret that the key is sealed under. */
  @Column('text')
  secretId!: string;

  /** The key, encrypted, bound to its `id`. */
  @Column('bytea')
  sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
