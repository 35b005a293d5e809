import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** That a session was closed, for those who hold its access tokens. Written by the trigger on `sessions`, and by nothing else. */
@Entity('revocations')
export class Revocation {
  /** Rises, but rows appear as their transactions commit, which may be in another order. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** The `sessionDigest` of the session's id. */
  @Column('bytea')
  digest!: Buffer;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  closedAt!: Date;
}
