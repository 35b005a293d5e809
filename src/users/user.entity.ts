import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { ROLE_PATTERN } from './role.value.js';

/** A user. Secrets are in the credentials table. */
@Entity('users')
@Unique(['email'])
@Check('users_email_check', `length(email) <= 254 AND email ~ '^[!-~]+@[!-~]+$' AND email = lower(email)`)
@Check('users_role_check', `role ~ '${ROLE_PATTERN}'`)
@Check('users_locale_check', `locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'`)
@Check('users_disabled_reason_check', `length(disabled_reason) <= 500`)
@Check('users_closed_at_check', `closed_at IS NULL OR disabled_at IS NOT NULL`)
@Index(['role', 'id'], { where: `role <> 'user'` })
@Index(['closedAt'], { where: 'closed_at IS NOT NULL' })
@Index('users_active_idx', ['id'], { where: 'disabled_at IS NULL AND invited_at IS NULL' })
@Index('users_plain_idx', ['id'], { where: `role = 'user'` })
@Index('users_closed_idx', ['id'], { where: 'closed_at IS NOT NULL' })
@Index('users_disabled_idx', ['id'], { where: 'disabled_at IS NOT NULL AND closed_at IS NULL' })
@Index('users_invited_idx', ['id'], { where: 'invited_at IS NOT NULL AND disabled_at IS NULL' })
export class User {
  /** A UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  /** In the form that `parseEmailAddress` returns. */
  @Column({ type: 'text', collation: 'C' })
  email!: string;

  @Column('text', { default: 'user' })
  role!: string;

  /** Incremented whenever all sessions must end, so that a login that began before cannot open one afterwards. */
  @Column('integer', { default: 0 })
  sessionEpoch!: number;

  /** When the owner confirmed this email address; null if unconfirmed. */
  @Column('timestamptz', { nullable: true })
  emailVerifiedAt!: Date | null;

  /** The language of emails (BCP 47); null for the default language of the service. */
  @Column('text', { nullable: true })
  locale!: string | null;

  /** When an admin created the account; null once its owner has chosen a password. */
  @Column('timestamptz', { nullable: true })
  invitedAt!: Date | null;

  /** Null if the user can log in. Closed accounts are disabled, too. */
  @Column('timestamptz', { nullable: true })
  disabledAt!: Date | null;

  /** A text that an admin has entered. */
  @Column('text', { nullable: true })
  disabledReason!: string | null;

  /** When the owner or an admin closed the account, which is erased later. */
  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
