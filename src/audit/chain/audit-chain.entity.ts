import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The two ends of the chain of sealed events. The table has one row. */
@Entity('audit_chain')
@Check('audit_chain_id_check', 'id = 1')
@Check('audit_chain_seq_check', 'anchor_seq <= head_seq')
export class AuditChain {
  @PrimaryColumn('integer', { default: 1 })
  id!: number;

  /** The `seq` of the event that was deleted last; 0 if none was. */
  @Column('bigint')
  anchorSeq!: string;

  /** The digest of that event, which the digest of the oldest remaining event includes; 32 zero bytes if none was deleted. */
  @Column('bytea')
  anchorDigest!: Buffer;

  /** The `seq` of the event that was sealed last. */
  @Column('bigint')
  headSeq!: string;

  @Column('bytea')
  headDigest!: Buffer;

  /** The IP addresses of all events before this time are erased. */
  @Column('timestamptz', { default: '-infinity' })
  ipsErasedUntil!: Date;
}
