import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the chain of sealed events begins and ends: one row. */
@Entity('audit_chain')
@Check('audit_chain_id_check', 'id = 1')
@Check('audit_chain_seq_check', 'anchor_seq <= head_seq')
export class AuditChain {
  @PrimaryColumn('integer', { default: 1 })
  id!: number;

  /** The event that was removed last; 0 before the first. */
  @Column('bigint')
  anchorSeq!: string;

  /** Its digest, on which the oldest event that is left builds; 32 zeros before the first. */
  @Column('bytea')
  anchorDigest!: Buffer;

  /** The event that was sealed last. */
  @Column('bigint')
  headSeq!: string;

  @Column('bytea')
  headDigest!: Buffer;

  /** No event before this time has an ip left. */
  @Column('timestamptz', { default: '-infinity' })
  ipsErasedUntil!: Date;
}
