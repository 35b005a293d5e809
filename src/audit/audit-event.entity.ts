import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AuditEventDetail, AuditEventName } from './audit-event.value.js';

/**
 * An event of the audit log, written in the transaction of the change it describes. Triggers allow only three later changes:
 * sealing it, erasing its IP address, and deleting it when it is old. It outlives users and sessions, so it has no foreign keys.
 */
@Entity('audit_events')
@Check('audit_events_sealed_check', '(seq IS NULL) = (digest IS NULL)')
@Check('audit_events_type_check', `type ~ '^[a-z][a-z0-9_]{0,63}$'`)
@Unique(['seq'])
@Index(['createdAt', 'id'])
@Index(['type', 'createdAt', 'id'])
@Index(['actorId', 'createdAt', 'id'])
@Index(['subjectId', 'createdAt', 'id'])
export class AuditRow {
  /** A UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  type!: AuditEventName;

  @Column('uuid', { nullable: true })
  actorId!: string | null;

  @Column('uuid', { nullable: true })
  subjectId!: string | null;

  @Column('uuid', { nullable: true })
  sessionId!: string | null;

  /** Null outside a request. */
  @Column('text', { nullable: true })
  requestId!: string | null;

  /** Not part of the digest, so that it can be erased. */
  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('jsonb', { default: {} })
  detail!: AuditEventDetail;

  /** In milliseconds, so that a Date loses nothing. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** The position in the chain; null until the event is sealed. */
  @Column('bigint', { nullable: true })
  seq!: string | null;

  /** SHA-256 of the previous digest and this row. */
  @Column('bytea', { nullable: true })
  digest!: Buffer | null;
}
