import { Injectable } from '@nestjs/common';
import type { RevokingTransaction } from '../../revocation/revocations.js';

/** What is taken, and from which sessions. */
export interface TakenScopes {
  readonly names: readonly string[];
  /** Of those at this client. */
  readonly clientId?: string;
  /** Of those whose access tokens are for it. */
  readonly audience?: string;
}

// Locked in one order, so that two callers cannot wait for each other.
const TAKE_SQL = `
  WITH holding AS MATERIALIZED (
    SELECT session.id FROM sessions AS session
    WHERE session.client_id IS NOT NULL AND session.ended_at IS NULL
      AND ($2::uuid IS NULL OR session.client_id = $2)
      AND ($3::text IS NULL OR session.audience = $3)
      AND string_to_array(session.scope, ' ') && $1::text[]
    ORDER BY session.id
    FOR UPDATE OF session
  )
  UPDATE sessions AS session SET data_version = data_version + 1,
    scope = array_to_string(ARRAY(
      SELECT name FROM unnest(string_to_array(session.scope, ' ')) WITH ORDINALITY AS had (name, at)
      WHERE name <> ALL ($1) ORDER BY at), ' ')
  FROM holding WHERE session.id = holding.id
  RETURNING session.id, session.data_version AS version`;

/** Takes scopes from sessions at clients. */
@Injectable()
export class SessionScopeStore {
  /**
   * Their access tokens are refused everywhere at once, by the version of what the session carries; a refresh gives
   * what is left. No session ends.
   */
  async take(
    transaction: RevokingTransaction,
    { names, clientId, audience }: TakenScopes,
  ): Promise<void> {
    if (names.length === 0) return;
    const [rows] = await transaction.manager.query<[{ id: string; version: number }[], number]>(
      TAKE_SQL,
      [names, clientId ?? null, audience ?? null],
    );
    for (const { id, version } of rows) {
      transaction.revoke({ kind: 'session-version', sessionId: id, version });
    }
  }
}
