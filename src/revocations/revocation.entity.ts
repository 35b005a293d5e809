import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A closed session, for services that verify its access tokens. Only the trigger on `sessions` writes this table. */
@Entity('revocations')
export class Revocation {
  /** Ascending, but transactions may commit in another order. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** The `sessionDigest` of the session's id. */
  @Column('bytea')
  digest!: Buffer;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  closedAt!: Date;
}
