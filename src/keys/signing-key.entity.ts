import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from './key-pair.value.js';

/** An ES256 key pair. Only the public key can be read without `AUTH_SECRET`. */
@Entity('signing_keys')
@Check('signing_keys_retired_at_check', 'retired_at IS NULL OR activated_at IS NOT NULL')
export class SigningKey {
  @PrimaryColumn('text')
  kid!: string;

  @Column('jsonb')
  publicJwk!: PublicJwk;

  /** The id of the secret that encrypts the private key. */
  @Column('text')
  secretId!: string;

  /** The private key: PKCS #8, encrypted; its `kid` is authenticated with it. */
  @Column('bytea')
  sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  /** When it started to sign; null for the standby key, which is published but does not sign yet. */
  @Column('timestamptz', { nullable: true })
  activatedAt!: Date | null;

  /** When the next key took over. Tokens signed with this key stay valid until they expire. */
  @Column('timestamptz', { nullable: true })
  retiredAt!: Date | null;
}
