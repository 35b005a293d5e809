/** How long a cache may hold the published keys, and for how long after that it may give them out while it asks anew. */
const CACHED_SECONDS = 300;
const STALE_SECONDS = 600;

/** Long enough to spare the service, short enough that a new key is known before it signs (RFC 9111, RFC 5861). */
export const CACHE_CONTROL = `public, max-age=${CACHED_SECONDS}, stale-while-revalidate=${STALE_SECONDS}, stale-if-error=86400`;

/** For replicas that learn of a change by asking, slow answers, and clocks that are a little apart. */
const MARGIN_SECONDS = 60;

/** A key is published for so long before it signs: by then every cache that obeys `CACHE_CONTROL` has it. */
export const PUBLISHED_BEFORE_SECONDS = CACHED_SECONDS + STALE_SECONDS + MARGIN_SECONDS;

/** The longest life that a token may be given (`ACCESS_TOKEN_SECONDS`), and how much longer a guard may take it for alive. */
const LONGEST_TOKEN_SECONDS = 900;
const TOLERANCE_SECONDS = 30;

/** A key is published for so long after it signed for the last time: by then that token is dead, whatever its life was. */
export const KEPT_AFTER_SECONDS = LONGEST_TOKEN_SECONDS + TOLERANCE_SECONDS + MARGIN_SECONDS;
