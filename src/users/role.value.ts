/** The format of roles, those of this service and of apps. */
export const ROLE_PATTERN = '^[a-z][a-z0-9_-]{0,63}$';
