/** A device that comes in to an account. */
export interface Device {
  /** 16 random bytes. */
  id: Buffer;
  /** The account does not know it yet. */
  isNew: boolean;
}

/** A device that is not seen for so long is forgotten; no browser keeps a cookie longer (RFC 6265bis section 5.5). */
export const DEVICE_DAYS = 400;

/** How many devices an account knows. */
const MOST_DEVICES = 20;

/** SQL: what is kept of a device of a user. */
export function deviceDigest(userId: string, deviceId: string): string {
  return `sha256(uuid_send(${userId}) || ${deviceId})`;
}

/** SQL of a row source: which of the devices that a caller claims to be is known to the user, as `id` and `digest`. At most one. */
export function knownDevice(userId: string, deviceIds: string): string {
  return `(
    SELECT claimed.id, d.digest
      FROM unnest(${deviceIds}::bytea[]) claimed (id)
      JOIN known_devices d ON d.user_id = ${userId} AND d.digest = ${deviceDigest(userId, 'claimed.id')}
     WHERE d.last_seen_at > now() - make_interval(days => ${DEVICE_DAYS})
     LIMIT 1)`;
}

/** SQL of a condition: a device of the user has come back and shown its token, so one without is another one. */
export function showsDevices(userId: string): string {
  return `EXISTS (SELECT FROM known_devices d WHERE d.user_id = ${userId} AND d.last_seen_at > d.created_at)`;
}

/**
 * SQL of parts for a statement with several, as `audited` makes them: remembers the device that has just come in. A new one takes
 * a place, and of those that had one the nineteen seen last stay, before any that never came back; who locks a row
 * keeps it until the next time. A known one is noted at its first return, and then once a day.
 * @param opened the part with the session that was opened, or with no row
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
