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
 * Being signed in on one device: one row from login to close. Refreshing changes only columns that no index holds, and
 * stores neither a token nor a hash of one.
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

  /** How often it was refreshed; the one live refresh token carries this number. */
  @Column('integer', { default: 0 })
  generation!: number;

  /** Random part of the live refresh token. */
  @Column('bytea')
  nonce!: Buffer;

  /** Random part of the token before, which for a short while still leads to the live one. */
  @Column('bytea', { nullable: true })
  previousNonce!: Buffer | null;

  /** The secret that the live token's MAC was made with, so that a replay gives identical bytes. */
  @Column('text')
  macKeyId!: string;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  refreshedAt!: Date;

  /** The end, however often it is refreshed. */
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

/** A session as its owner is given it, open or not. */
export interface KeptSession extends ListedSession {
  closedAt: Date | null;
  closeReason: CloseReason | null;
}

/** An open session, as its owner sees it. */
export interface ListedSession {
  id: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}
