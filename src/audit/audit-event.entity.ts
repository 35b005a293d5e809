import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AuditEventDetail, AuditEventName } from './audit-event.value.js';

/**
 * What happened: written in the transaction of the change, and never changed after. Triggers grant no more than sealing it,
 * erasing its ip, and removing it when it is old. It outlives users and sessions, so it refers to them by id only.
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

  /** Null for what happened outside any request. */
  @Column('text', { nullable: true })
  requestId!: string | null;

  /** No part of the digest, so that it can be erased. */
  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('jsonb', { default: {} })
  detail!: AuditEventDetail;

  /** To the millisecond, which a Date holds in full. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Its place in the chain, once it is sealed. */
  @Column('bigint', { nullable: true })
  seq!: string | null;

  /** SHA-256 of the digest before and of this row. */
  @Column('bytea', { nullable: true })
  digest!: Buffer | null;
}
