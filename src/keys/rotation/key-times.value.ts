/** How long caches may serve the published keys, and for how long after that they may still serve them while they revalidate. */
const CACHED_SECONDS = 300;
const STALE_SECONDS = 600;

/** Long enough to spare the service, short enough that a new key is known before it signs (RFC 9111, RFC 5861). */
export const CACHE_CONTROL = `public, max-age=${CACHED_SECONDS}, stale-while-revalidate=${STALE_SECONDS}, stale-if-error=86400`;

/** Margin for replicas that find a change by polling, for slow responses, and for clock skew. */
const MARGIN_SECONDS = 60;

/** How long a key is published before it signs: by then all caches that obey `CACHE_CONTROL` have it. */
export const PUBLISHED_BEFORE_SECONDS = CACHED_SECONDS + STALE_SECONDS + MARGIN_SECONDS;

/** The maximum of `ACCESS_TOKEN_SECONDS`, and the clock tolerance of guards. */
const LONGEST_TOKEN_SECONDS = 900;
const TOLERANCE_SECONDS = 30;

/** How long a key is published after it last signed: by then its last token has expired. */
export const KEPT_AFTER_SECONDS = LONGEST_TOKEN_SECONDS + TOLERANCE_SECONDS + MARGIN_SECONDS;
