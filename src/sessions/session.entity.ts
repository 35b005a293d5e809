import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../users/user.entity.js';

/** Why a session ended. */
export type CloseReason =
  | 'logout'
  | 'closed_by_user'
  | 'refresh_token_reuse'
  | 'password_changed'
  | 'password_reset'
  | 'email_change_undone'
  | 'role_changed'
  | 'account_disabled'
  | 'account_closed'
  | 'closed_by_admin';

/**
 * A login on one device: one row from login to end. A refresh changes only columns without an index. Neither a token nor a hash
 * of one is stored.
 */
@Entity('sessions')
@Index('sessions_ended_idx', { synchronize: false })
export class Session {
  /** A UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Index()
  @ForeignKey(() => User, { onDelete: 'CASCADE' })
  @Column('uuid')
  userId!: string;

  /** How often the session was refreshed. The live refresh token contains this number. */
  @Column('integer', { default: 0 })
  generation!: number;

  /** The random part of the live refresh token. */
  @Column('bytea')
  nonce!: Buffer;

  /** The random part of the previous token, which for a short time still returns the live one. */
  @Column('bytea', { nullable: true })
  previousNonce!: Buffer | null;

  /** The id of the secret of the live token's MAC, so that a replay returns the identical token. */
  @Column('text')
  macKeyId!: string;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  refreshedAt!: Date;

  /** The maximum lifetime, however often the session is refreshed. */
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  closedAt!: Date | null;

  @Column('text', { nullable: true })
  closeReason!: CloseReason | null;

  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;
}

/** A session in the owner's data export, open or closed. */
export interface KeptSession extends ListedSession {
  closedAt: Date | null;
  closeReason: CloseReason | null;
}

/** An open session in the owner's list. */
export interface ListedSession {
  id: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}
