import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import {
  type PreparedStatement,
  PreparedStatements,
} from '../../../platform/database/connection/prepared-statements.js';
import type { ShownFactor } from '../../assurance/factor.js';
import { toStored } from '../../assurance/session-assurance.js';
import { momentOfSession } from '../../revocation/kinds/session-moment.js';
import { FamilyKey } from '../refresh/family-key.js';
import type { RotationState } from '../refresh/rotation-rule.js';
import type { StoredSessionData } from '../session-data.js';
import {
  FAMILY_COLUMNS,
  type FamilyRow,
  type SessionFamily,
  type SessionLookup,
  toFamily,
} from './session-family.js';
import {
  datedFactorsSql,
  EVERYONE,
  IS_CUT_SQL,
  IS_LIVE_SQL,
  millisecondsSql,
  SESSION_ENDS_AT_SQL,
  timestampSql,
} from './session-sql.js';

export interface NewFamily {
  readonly userId: string;
  readonly factors: readonly ShownFactor[];
  readonly data: StoredSessionData;
  readonly idleTtlSeconds: number;
  readonly absoluteTtlSeconds: number;
  readonly actor: Actor;
  /** Of a session at a client. */
  readonly client?: ClientOfFamily;
}

export interface ClientOfFamily {
  readonly clientId: string;
  readonly parentId: string;
  readonly scope: string;
  /** Null: this API. */
  readonly audience: string | null;
}

export interface FamilyAdvance {
  readonly sessionId: string;
  readonly from: number;
  readonly next: RotationState;
  readonly lapsesAtMilliseconds: number;
  readonly actor: Actor;
}

export interface AdvancedFamily {
  readonly family: SessionFamily;
  readonly advanced: boolean;
}

export interface FoundFamily<T> {
  readonly family: SessionFamily;
  readonly alongside: T;
}

interface AdvancedRow extends FamilyRow {
  readonly advanced: boolean;
}

// One reading for the whole statement: every call of clock_timestamp() gives another time.
const CLOCK = '(SELECT clock_timestamp() AS now) AS clock';

// The first 48 bits of a UUIDv7 (RFC 9562 section 5.7) by the database's clock. It comes after
// every cutoff that this statement sees: what was over before a sign-in never ends what it began,
// not even in the same millisecond or after the clock has been set back. One at a client begins, by its id, when its
// parent did: a cutoff that ends the parent ends it as well, also one that commits at the same moment.
const INSERT_SQL = `
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
const ADVANCE: PreparedStatement = {
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

/**
 * The table `sessions`: what sign-in and refresh ask of it, one statement each. Whether a family is
 * live and what becomes of it is read and written in one snapshot; `rotation-rule.ts` decides. An
 * advance changes no indexed column, so that it stays a HOT update.
 */
@Injectable()
export class FamilyStore {
  constructor(private readonly statements: PreparedStatements) {}

  async insert(manager: EntityManager, family: NewFamily): Promise<SessionFamily> {
    const inserted = await this.insertIfParentLives(manager, family);
    if (inserted === null) throw new Error('The new session was not returned.');
    return inserted;
  }

  /** Null for one at a client whose parent is not live. */
  async insertIfParentLives(
    manager: EntityManager,
    family: NewFamily,
  ): Promise<SessionFamily | null> {
    const { ip, userAgent } = family.actor;
    const { client } = family;
    const [row] = await manager.query<FamilyRow[]>(INSERT_SQL, [
      randomUuidTail(),
      family.userId,
      FamilyKey.generate().toColumn(),
      [...new Set(family.factors.flatMap(({ factor }) => factor.amr))],
      family.idleTtlSeconds,
      family.absoluteTtlSeconds,
      ip,
      userAgent,
      JSON.stringify(family.data),
      JSON.stringify(toStored(family.factors)),
      client?.clientId ?? null,
      client?.parentId ?? null,
      client?.scope ?? null,
      client?.audience ?? null,
      client === undefined ? null : momentOfSession(client.parentId),
    ]);
    return row === undefined ? null : toFamily(row);
  }

  async find<T>(sessionId: string, lookup: SessionLookup<T>): Promise<FoundFamily<T> | null> {
    const [row] = await this.statements.query<FamilyRow>(lookup.statement, [sessionId]);
    return row === undefined ? null : { family: toFamily(row), alongside: lookup.read(row) };
  }

  /**
   * Compare and set: `next` becomes the state if the generation is still `from` and the
   * database's clock has not reached `lapsesAtMilliseconds`. Otherwise nothing changes.
   *
   * @returns the family as it is afterwards; null when it is not live
   */
  async advance(
    { sessionId, from, next, lapsesAtMilliseconds, actor }: FamilyAdvance,
    manager?: EntityManager,
  ): Promise<AdvancedFamily | null> {
    const values = [
      sessionId,
      from,
      lapsesAtMilliseconds,
      next.generation,
      next.generation - 1 - next.presented,
      next.graceFloor,
      next.previousGraceFloor,
      next.graceBucketStartedAtMilliseconds,
      actor.ip,
      actor.userAgent,
    ];
    const [row] =
      manager === undefined
        ? await this.statements.query<AdvancedRow>(ADVANCE, values)
        : (await manager.query<[AdvancedRow[], number]>(ADVANCE.text, values))[0];
    return row === undefined ? null : { family: toFamily(row), advanced: row.advanced };
  }
}

function setIf(condition: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([column, value]) =>
        `${column} = CASE WHEN ${condition} THEN ${value} ELSE session.${column} END`,
    )
    .join(', ');
}

/** The last 80 bits of a UUIDv7: version, variant and 74 random bits. */
function randomUuidTail(): Buffer {
  const tail = randomBytes(10);
  tail.writeUInt8((tail.readUInt8(0) & 0x0f) | 0x70, 0);
  tail.writeUInt8((tail.readUInt8(2) & 0x3f) | 0x80, 2);
  return tail;
}
