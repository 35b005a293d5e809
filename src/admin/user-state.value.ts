/** The states of an account. `invited`: its owner has not chosen a password yet. */
export const USER_STATES = ['active', 'invited', 'disabled', 'closed'] as const;

export type UserState = (typeof USER_STATES)[number];

interface Standing {
  closedAt: Date | null;
  disabledAt: Date | null;
  invitedAt: Date | null;
}

export function stateOf(user: Standing): UserState {
  if (user.closedAt) return 'closed';
  if (user.disabledAt) return 'disabled';
  return user.invitedAt ? 'invited' : 'active';
}
