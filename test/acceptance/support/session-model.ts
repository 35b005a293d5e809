/** What the contract says of one session: times are seconds since the event, by the model's own clock. */
export interface ModelSession {
  user: number;
  /** Every refresh token ever given, the live one last. */
  tokens: string[];
  accessToken: string;
  closed: boolean;
  openedAt: number;
  refreshedAt: number;
}

interface ModelUser {
  disabled: boolean;
  /** How often the password was changed. */
  passwords: number;
}

const WINDOW_SECONDS = 10;
const IDLE_SECONDS = 7 * 86_400;
const SESSION_SECONDS = 30 * 86_400;

export type Verdict = 'successor' | 'same successor' | 'refused' | 'refused and closed';

/** The rules of the contract, as plainly as they can be put; the service must answer as this does. */
export class SessionModel {
  readonly sessions: ModelSession[] = [];
  readonly users: ModelUser[] = [
    { disabled: false, passwords: 0 },
    { disabled: false, passwords: 0 },
  ];
  /** What was asked so far, so that a run that asked nothing does not pass for one that held. */
  readonly verdicts = new Set<Verdict>();
  now = 0;

  /** @param at which of the session's tokens, counted from the first */
  judge(session: ModelSession, at: number): Verdict {
    const verdict = this.verdict(session, at);
    this.verdicts.add(verdict);
    return verdict;
  }

  close(session: ModelSession): void {
    session.closed = true;
  }

  closeAll(user: number, keep?: ModelSession): void {
    for (const session of this.sessions) if (session.user === user && session !== keep) this.close(session);
  }

  private verdict(session: ModelSession, at: number): Verdict {
    const newest = session.tokens.length - 1;
    const usable =
      !session.closed &&
      !this.users[session.user]!.disabled &&
      this.now - session.openedAt < SESSION_SECONDS &&
      this.now - session.refreshedAt < IDLE_SECONDS;
    if (!usable) return 'refused';
    if (at === newest) return 'successor';
    if (at === newest - 1 && this.now - session.refreshedAt < WINDOW_SECONDS) return 'same successor';
    return 'refused and closed';
  }
}
