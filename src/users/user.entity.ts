import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { ROLE_PATTERN } from './role.value.js';

/** Who a person is. Holds no secret: those are the credentials'. */
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

  /** As `parseEmailAddress` gives it. */
  @Column({ type: 'text', collation: 'C' })
  email!: string;

  @Column('text', { default: 'user' })
  role!: string;

  /** Rises whenever every session must end, so that a login that began before cannot open one after. */
  @Column('integer', { default: 0 })
  sessionEpoch!: number;

  /** When its owner proved to receive mail there; null when that is not known of this address. */
  @Column('timestamptz', { nullable: true })
  emailVerifiedAt!: Date | null;

  /** The language of mails (BCP 47); null for the service's own. */
  @Column('text', { nullable: true })
  locale!: string | null;

  /** When an administrator made the account, until its owner has chosen a password. */
  @Column('timestamptz', { nullable: true })
  invitedAt!: Date | null;

  /** Null for whoever may come in: a closed account is disabled, too. */
  @Column('timestamptz', { nullable: true })
  disabledAt!: Date | null;

  /** In an administrator's words. */
  @Column('text', { nullable: true })
  disabledReason!: string | null;

  /** When its owner or an administrator closed the account: it waits to be erased. */
  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
