import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../platform/database/database.service.js';
import { DEVICE_DAYS, deviceDigest } from './device-rows.value.js';
import type { KeptDevice } from './known-device.entity.js';

const FIND_ALL: Statement = {
  name: 'known_devices_find_all',
  text: `
    SELECT created_at AS "createdAt", last_seen_at AS "lastSeenAt"
      FROM known_devices
     WHERE user_id = $1 AND last_seen_at > now() - make_interval(days => ${DEVICE_DAYS})
     ORDER BY last_seen_at DESC`,
};

const DELETE_ALL_BUT: Statement = {
  name: 'known_devices_delete_all_but',
  text: `
    DELETE FROM known_devices
     WHERE user_id = $1
       AND digest <> ALL (ARRAY (SELECT ${deviceDigest('$1::uuid', 'kept.id')} FROM unnest($2::bytea[]) kept (id)))`,
};

const INSERT: Statement = {
  name: 'known_devices_insert',
  text: `INSERT INTO known_devices (user_id, digest) VALUES ($1, ${deviceDigest('$1::uuid', '$2::bytea')})`,
};

/** As an array, so that a generic plan does not scan the whole table for a few rows. */
const DELETE_STALE: Statement = {
  name: 'known_devices_delete_stale',
  text: `
    DELETE FROM known_devices
     WHERE ctid = ANY (ARRAY (
             SELECT ctid FROM known_devices WHERE last_seen_at <= now() - make_interval(days => ${DEVICE_DAYS})
              ORDER BY last_seen_at LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING user_id`,
};

/**
 * Known devices are read together with the account (`knownDevice`) and written together with a session (`deviceRows`) or by a
 * password reset.
 */
@Injectable()
export class KnownDevicesRepository {
  constructor(private readonly database: Database) {}

  findAll(userId: string): Promise<KeptDevice[]> {
    return this.database.query(FIND_ALL, [userId]);
  }

  async insert(userId: string, deviceId: Buffer): Promise<void> {
    await this.database.query(INSERT, [userId, deviceId]);
  }

  async deleteAllBut(userId: string, kept: readonly Buffer[]): Promise<void> {
    await this.database.query(DELETE_ALL_BUT, [userId, kept]);
  }

  /** @returns how many were deleted */
  async deleteStale(limit: number): Promise<number> {
    return (await this.database.query(DELETE_STALE, [limit])).length;
  }
}
