import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The key of the HMAC that is applied to passwords before they are hashed, so that a stolen table of hashes alone cannot be
 * cracked.
 */
@Entity('password_keys')
export class PasswordKey {
  @PrimaryColumn('text')
  id!: string;

  /** The id of the secret that encrypts the key. */
  @Column('text')
  secretId!: string;

  /** The encrypted key; its `id` is authenticated with it. */
  @Column('bytea')
  sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
