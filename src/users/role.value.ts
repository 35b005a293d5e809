/** What may be a role: a word of this service or of an app's own. */
export const ROLE_PATTERN = '^[a-z][a-z0-9_-]{0,63}$';
