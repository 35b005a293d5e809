// What the benches take of the built service, with the types of its sources.

/** @returns {Promise<unknown>} */
const built = (/** @type {string} */ file) => import(new URL(`../../dist/src/${file}`, import.meta.url).href);

export const { servingOptions } =
  /** @type {typeof import('../../src/platform/database/connections/data-source-options.js')} */ (
    await built('platform/database/connections/data-source-options.js')
  );
export const { Database } = /** @type {typeof import('../../src/platform/database/database.service.js')} */ (
  await built('platform/database/database.service.js')
);
export const { Metrics } = /** @type {typeof import('../../src/platform/instruments/metrics.js')} */ (
  await built('platform/instruments/metrics.js')
);
export const { SecretRing } = /** @type {typeof import('../../src/platform/secrets/secret-ring.value.js')} */ (
  await built('platform/secrets/secret-ring.value.js')
);
export const { encodeRefreshToken } =
  /** @type {typeof import('../../src/sessions/refreshing/refresh-token.value.js')} */ (
    await built('sessions/refreshing/refresh-token.value.js')
  );
export const { Rotations } = /** @type {typeof import('../../src/sessions/refreshing/rotations.repository.js')} */ (
  await built('sessions/refreshing/rotations.repository.js')
);
export const { SessionChanges } = /** @type {typeof import('../../src/sessions/session-changes.repository.js')} */ (
  await built('sessions/session-changes.repository.js')
);
export const { RefreshesRepository } =
  /** @type {typeof import('../../src/sessions/refreshing/refreshes.repository.js')} */ (
    await built('sessions/refreshing/refreshes.repository.js')
  );
export const { SessionsRepository } = /** @type {typeof import('../../src/sessions/sessions.repository.js')} */ (
  await built('sessions/sessions.repository.js')
);
export const { ROTATE } = /** @type {typeof import('../../src/sessions/refreshing/refresh-sql.repository.js')} */ (
  await built('sessions/refreshing/refresh-sql.repository.js')
);
export const { CredentialsRepository } =
  /** @type {typeof import('../../src/auth/credentials/credentials.repository.js')} */ (
    await built('auth/credentials/credentials.repository.js')
  );
