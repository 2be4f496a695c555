import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { KeptVersions } from '../../access-tokens/kept-versions.js';
import type { StoredSessionData } from '../session-data.js';
import { IS_CUT_SQL, SESSION_ENDS_AT_SQL } from './session-sql.js';

const LOCK_SQL = `
  SELECT session.data FROM sessions AS session
  WHERE session.id = $1 AND session.user_id = $2 AND session.ended_at IS NULL
    AND clock_timestamp() < ${SESSION_ENDS_AT_SQL} AND NOT ${IS_CUT_SQL}
  FOR UPDATE OF session`;

const REPLACE_SQL = `
  UPDATE sessions SET data = $2::jsonb, data_version = data_version + 1
  WHERE id = $1 AND data <> $2::jsonb RETURNING data_version AS version`;

const RAISE_SQL = 'UPDATE sessions SET data_version = $2 WHERE id = $1 AND data_version < $2';

/** The statements that change what sessions carry. */
@Injectable()
export class SessionDataStore extends KeptVersions {
  readonly keeps = 'sessionVersion';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** What a live session of the user carries, locked; null when there is no such session. */
  async lock(
    manager: EntityManager,
    sessionId: string,
    userId: string,
  ): Promise<StoredSessionData | null> {
    const [row] = await manager.query<{ data: StoredSessionData }[]>(LOCK_SQL, [sessionId, userId]);
    return row?.data ?? null;
  }

  /** @returns the new version; null when it is what the session carries already */
  async replace(
    manager: EntityManager,
    sessionId: string,
    data: StoredSessionData,
  ): Promise<number | null> {
    const [rows] = await manager.query<[{ version: number }[], number]>(REPLACE_SQL, [
      sessionId,
      JSON.stringify(data),
    ]);
    return rows[0]?.version ?? null;
  }

  async read(manager: EntityManager, sessionId: string): Promise<number | null> {
    const [row] = await manager.query<{ version: number }[]>(
      'SELECT data_version AS version FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row?.version ?? null;
  }

  async raiseTo(version: number, sessionId: string): Promise<void> {
    await this.dataSource.query(RAISE_SQL, [sessionId, version]);
  }
}
