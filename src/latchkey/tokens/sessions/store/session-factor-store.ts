import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Factor, ShownFactor } from '../../assurance/factor.js';
import { type StoredFactors, toStored } from '../../assurance/session-assurance.js';
import { FAMILY_COLUMNS, type FamilyRow, type SessionFamily, toFamily } from './session-family.js';
import { datedFactorsSql, IS_LIVE_SQL, millisecondsSql } from './session-sql.js';

// One that began before factors were kept was signed in to by password, if `amr` says so.
const KEPT_SQL = `coalesce(session.factors, CASE WHEN 'pwd' = ANY (session.amr)
  THEN jsonb_build_object('password',
    jsonb_build_object('at', floor(extract(epoch FROM session.created_at))::bigint))
  ELSE '{}' END)`;

const SHOW_SQL = `
  UPDATE sessions AS session SET factors = ${KEPT_SQL} || ${datedFactorsSql('$3', 'clock.now')}
  FROM (SELECT clock_timestamp() AS now) AS clock
  WHERE session.id = $1 AND session.user_id = $2 AND ${IS_LIVE_SQL}
  RETURNING ${FAMILY_COLUMNS}, session.end_reason AS "endReason",
    ${millisecondsSql('clock.now')} AS "nowMilliseconds"`;

const WITHDRAW_SQL = `
  UPDATE sessions AS session
  SET factors = session.factors - $2::text, data_version = session.data_version + 1
  WHERE session.user_id = $1 AND session.ended_at IS NULL AND session.factors ? $2::text
    AND ($3::text IS NULL OR session.factors -> $2::text ->> 'id' = $3::text)
    AND session.id IS DISTINCT FROM $4::uuid
  RETURNING session.id AS "sessionId", session.data_version AS version`;

/** What is withdrawn of a factor; of nothing said, all of it. */
export interface WithdrawnFactor {
  /** Of the one that was removed, where an account can have several of the kind. */
  readonly id?: string | undefined;
  /** The session that keeps it. */
  readonly exceptSession?: string;
}

/** The table `sessions`: what has been shown in them. */
@Injectable()
export class SessionFactorStore {
  async show(
    manager: EntityManager,
    sessionId: string,
    userId: string,
    shown: ShownFactor,
  ): Promise<SessionFamily | null> {
    const [[row]] = await manager.query<[FamilyRow[], number]>(SHOW_SQL, [
      sessionId,
      userId,
      JSON.stringify(toStored([shown])),
    ]);
    return row === undefined ? null : toFamily(row);
  }

  async find(manager: EntityManager, sessionId: string): Promise<StoredFactors | null> {
    const [row] = await manager.query<{ factors: StoredFactors }[]>(
      `SELECT ${KEPT_SQL} AS factors FROM sessions AS session WHERE session.id = $1`,
      [sessionId],
    );
    return row?.factors ?? null;
  }

  /** @returns the sessions that it was taken from, with their new versions */
  async withdraw(
    manager: EntityManager,
    userId: string,
    { name }: Factor,
    { id, exceptSession }: WithdrawnFactor,
  ): Promise<{ sessionId: string; version: number }[]> {
    const parameters = [userId, name, id ?? null, exceptSession ?? null];
    const [rows] = await manager.query<[{ sessionId: string; version: number }[], number]>(
      WITHDRAW_SQL,
      parameters,
    );
    return rows;
  }
}
