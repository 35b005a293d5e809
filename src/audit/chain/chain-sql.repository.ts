import type { Statement } from '../../platform/database/database.service.js';

const CONTENT = `
  id, type, actor_id AS "actorId", subject_id AS "subjectId", session_id AS "sessionId", request_id AS "requestId",
  created_at AS "createdAt", detail::text AS "detailText"`;

export const FIND_CHAIN: Statement = {
  name: 'audit_chain_find',
  text: `
    SELECT anchor_seq AS "anchorSeq", anchor_digest AS "anchorDigest", head_seq AS "headSeq", head_digest AS "headDigest",
           (SELECT count(*) FROM audit_events WHERE seq IS NULL) AS unsealed
      FROM audit_chain`,
};

/**
 * All committed events without a seal, whenever their transactions began. There is no high-water mark, so no event can be
 * missed. `ORDER BY seq`, which is null in all of them, makes the planner use the index that has them side by side.
 */
export const FIND_UNSEALED: Statement = {
  name: 'audit_unsealed_find',
  text: `
    SELECT ${CONTENT}, (SELECT head_seq FROM audit_chain) AS "headSeq", (SELECT head_digest FROM audit_chain) AS "headDigest"
      FROM (SELECT * FROM audit_events WHERE seq IS NULL ORDER BY seq LIMIT $1) AS unsealed
     ORDER BY created_at, id`,
};

/** If several replicas try to continue the same head, one succeeds. The others find that it has moved and seal nothing. */
export const SEAL: Statement = {
  name: 'audit_seal',
  text: `
    WITH head AS (
      UPDATE audit_chain SET head_seq = $1::bigint + cardinality($3::uuid[]), head_digest = ($4::bytea[])[cardinality($4::bytea[])]
       WHERE head_seq = $1 AND head_digest = $2
      RETURNING id
    )
    UPDATE audit_events e SET seq = $1 + sealed.place, digest = sealed.digest
      FROM head, unnest($3, $4) WITH ORDINALITY AS sealed (id, digest, place)
     WHERE e.id = sealed.id
    RETURNING e.id`,
};

export const FIND_SEALED: Statement = {
  name: 'audit_sealed_find',
  text: `SELECT ${CONTENT}, seq, digest FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT $2`,
};

/** Moves the anchor to the last event of the leading run of events that are all older than the given number of days. */
export const MOVE_ANCHOR: Statement = {
  name: 'audit_anchor_move',
  text: `
    UPDATE audit_chain SET anchor_seq = last.seq, anchor_digest = last.digest
      FROM (
        SELECT seq, digest
          FROM (
            SELECT seq, digest, bool_and(created_at < clock_timestamp() - make_interval(days => $1)) OVER (ORDER BY seq) AS old
              FROM (SELECT * FROM audit_events WHERE seq > (SELECT anchor_seq FROM audit_chain) ORDER BY seq LIMIT $2) AS first
          ) AS oldest
         WHERE old
         ORDER BY seq DESC
         LIMIT 1
      ) AS last
     WHERE anchor_seq < last.seq
    RETURNING id`,
};

export const DELETE_BEFORE_ANCHOR: Statement = {
  name: 'audit_delete',
  text: 'DELETE FROM audit_events WHERE seq <= (SELECT anchor_seq FROM audit_chain)',
};

/** Continues where the last erasure ended, oldest first. */
export const ERASE_IPS: Statement = {
  name: 'audit_ips_erase',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id, created_at
        FROM audit_events
       WHERE created_at >= (SELECT ips_erased_until FROM audit_chain)
         AND created_at < clock_timestamp() - make_interval(days => $1) AND ip IS NOT NULL
       ORDER BY created_at, id
       LIMIT $2
    ), until AS (
      UPDATE audit_chain SET ips_erased_until = last.at
        FROM (SELECT max(created_at) AS at FROM due) AS last
       WHERE last.at IS NOT NULL
    )
    UPDATE audit_events e SET ip = NULL FROM due WHERE e.id = due.id RETURNING e.id`,
};
