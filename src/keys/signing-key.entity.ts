import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from './key-pair.value.js';

/** A key pair for ES256. Only its public half can be read without `AUTH_SECRET`. */
@Entity('signing_keys')
@Check('signing_keys_retired_at_check', 'retired_at IS NULL OR activated_at IS NOT NULL')
export class SigningKey {
  @PrimaryColumn('text')
  kid!: string;

  @Column('jsonb')
  publicJwk!: PublicJwk;

  /** The id of the secret that the private half is sealed under. */
  @Column('text')
  secretId!: string;

  /** The private half: PKCS #8, encrypted, bound to its `kid`. */
  @Column('bytea')
  sealed!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  /** When it began to sign; null for the standby key, which is published but signs nothing yet. */
  @Column('timestamptz', { nullable: true })
  activatedAt!: Date | null;

  /** When the next one took over; the tokens that it signed are still good until they expire. */
  @Column('timestamptz', { nullable: true })
  retiredAt!: Date | null;
}
