/** The device of a login. */
export interface Device {
  /** 16 random bytes. */
  id: Buffer;
  /** The account does not know the device yet. */
  isNew: boolean;
}

/** Days after which an unused device is forgotten; no browser keeps a cookie longer (RFC 6265bis section 5.5). */
export const DEVICE_DAYS = 400;

/** Maximum number of known devices of an account. */
const MOST_DEVICES = 20;

/** SQL expression: the stored digest of a user's device. */
export function deviceDigest(userId: string, deviceId: string): string {
  return `sha256(uuid_send(${userId}) || ${deviceId})`;
}

/** SQL subquery: at most one row (`id`, `digest`), the one of the claimed devices that the user's account knows. */
export function knownDevice(userId: string, deviceIds: string): string {
  return `(
    SELECT claimed.id, d.digest
      FROM unnest(${deviceIds}::bytea[]) claimed (id)
      JOIN known_devices d ON d.user_id = ${userId} AND d.digest = ${deviceDigest(userId, 'claimed.id')}
     WHERE d.last_seen_at > now() - make_interval(days => ${DEVICE_DAYS})
     LIMIT 1)`;
}

/** SQL condition: a device of the user has returned and shown its token, so a login without a token is from another device. */
export function showsDevices(userId: string): string {
  return `EXISTS (SELECT FROM known_devices d WHERE d.user_id = ${userId} AND d.last_seen_at > d.created_at)`;
}

/**
 * SQL of CTEs that store the device of a login. A new device takes a place; of the previous ones the nineteen seen last are
 * kept, those that have returned before those that never did. Locked rows are skipped until the next time. A known device is
 * updated on its first return and then once a day.
 * @param opened the name of the CTE with the new session, which may be empty
 */
export function deviceRows(opened: string, at: { userId: string; deviceId: string; isNew: string }): string {
  const digest = deviceDigest(`${at.userId}::uuid`, `${at.deviceId}::bytea`);
  return `
    device_seen AS (
      UPDATE known_devices d SET last_seen_at = now() FROM ${opened}
       WHERE NOT ${at.isNew} AND d.user_id = ${at.userId} AND d.digest = ${digest}
         AND (d.last_seen_at = d.created_at OR d.last_seen_at < now() - interval '1 day')
    ), device_forgotten AS (
      DELETE FROM known_devices d USING ${opened}
       WHERE ${at.isNew} AND d.user_id = ${at.userId} AND d.digest = ANY (ARRAY (
               SELECT digest FROM known_devices
                WHERE user_id = ${at.userId} AND digest IN (
                        SELECT digest FROM known_devices WHERE user_id = ${at.userId}
                         ORDER BY last_seen_at > created_at DESC, last_seen_at DESC OFFSET ${MOST_DEVICES - 1})
                  FOR UPDATE SKIP LOCKED))
    ), device_given AS (
      INSERT INTO known_devices (user_id, digest)
      SELECT ${at.userId}, ${digest} FROM ${opened} WHERE ${at.isNew}::boolean
    )`;
}
