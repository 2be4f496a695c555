import type { PreparedStatement } from '../../../platform/database/connection/prepared-statements.js';
import { FAMILY_COLUMNS } from './session-family.js';
import {
  datedFactorsSql,
  EVERYONE,
  IS_CUT_SQL,
  IS_LIVE_SQL,
  millisecondsSql,
  SESSION_ENDS_AT_SQL,
  timestampSql,
} from './session-sql.js';

// One reading for the whole statement: every call of clock_timestamp() gives another time.
const CLOCK = '(SELECT clock_timestamp() AS now) AS clock';

// The first 48 bits of a UUIDv7 (RFC 9562 section 5.7) by the database's clock. It comes after
// every cutoff that this statement sees: what was over before a sign-in never ends what it began,
// not even in the same millisecond or after the clock has been set back. One at a client begins, by its id, when its
// parent did: a cutoff that ends the parent ends it as well, also one that commits at the same moment.
export const INSERT_SQL = `
  INSERT INTO sessions AS session (id, user_id, family_key, amr, idle_ttl_seconds, expires_at,
    created_ip, created_user_agent, last_ip, last_user_agent, data, data_version,
    factors, client_id, parent_id, scope, audience, created_at, rotated_at, grace_bucket_started_at)
  SELECT encode(substring(int8send(greatest(
        coalesce($15::bigint, floor(extract(epoch FROM clock.now) * 1000)::bigint),
        (SELECT max(moment_ms) + 1 FROM session_cutoffs WHERE user_id IN ($2::uuid, '${EVERYONE}'))
      )) FROM 3) || $1::bytea, 'hex')::uuid,
    $2::uuid, $3::bytea, $4::text[], $5::int, clock.now + make_interval(secs => $6::int),
    $7::inet, $8::text, $7::inet, $8::text, $9::jsonb,
    CASE WHEN $9::jsonb = '{}' THEN 0 ELSE 1 END,
    ${datedFactorsSql('$10', 'clock.now')}, $11::uuid, $12::uuid, $13::text, $14::text,
    clock.now, clock.now, clock.now
  FROM ${CLOCK}
  WHERE $12::uuid IS NULL
    OR EXISTS (SELECT FROM sessions AS session WHERE session.id = $12 AND ${IS_LIVE_SQL})
  RETURNING ${FAMILY_COLUMNS}, session.end_reason AS "endReason",
    ${millisecondsSql('session.created_at')} AS "nowMilliseconds"`;

// Then `rotated_at` stays: when the token that is presented again was presented first.
const RECOVERS_SQL = '$5::int > 0';

// A row that has moved on is returned as it is: its current token answers a lost race.
export const ADVANCE: PreparedStatement = {
  name: 'advance-session',
  text: `
  UPDATE sessions AS session SET ${setIf(
    `session.generation = $2 AND clock.now < ${timestampSql('$3')}`,
    {
      generation: '$4::int',
      skipped_generations: '$5::int',
      grace_floor: '$6::int',
      previous_grace_floor: '$7::int',
      grace_bucket_started_at: timestampSql('$8'),
      rotated_at: `CASE WHEN ${RECOVERS_SQL} THEN session.rotated_at ELSE clock.now END`,
      last_ip: '$9::inet',
      last_user_agent: '$10::text',
    },
  )}
  FROM ${CLOCK}
  WHERE session.id = $1 AND session.ended_at IS NULL AND clock.now < ${SESSION_ENDS_AT_SQL}
    AND NOT ${IS_CUT_SQL}
  RETURNING ${FAMILY_COLUMNS}, session.end_reason AS "endReason", ${millisecondsSql('clock.now')} AS "nowMilliseconds",
    session.generation = $4
      AND CASE WHEN ${RECOVERS_SQL} THEN session.grace_bucket_started_at = ${timestampSql('$8')}
        ELSE session.rotated_at = clock.now END AS advanced`,
};

function setIf(condition: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([column, value]) =>
        `${column} = CASE WHEN ${condition} THEN ${value} ELSE session.${column} END`,
    )
    .join(', ');
}
