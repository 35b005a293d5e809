/** For so long a signal waits to be acknowledged: 7 days. */
export const KEPT_SECONDS = 604_800;
