import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Who a person is. Holds no secret: those are the credentials'. */
@Entity('users')
@Unique(['email'])
@Check('users_email_check', `length(email) <= 254 AND email ~ '^[!-~]+@[!-~]+$' AND email = lower(email)`)
@Check('users_role_check', `role ~ '^[a-z][a-z0-9_-]{0,63}$'`)
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

  @Column('timestamptz', { nullable: true })
  disabledAt!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  createdAt!: Date;
}
