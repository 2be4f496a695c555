import { Revocations } from '../../src/latchkey/tokens/revocation/revocations.js';
import { SessionEnder } from '../../src/latchkey/tokens/sessions/session-ender.js';
import { JOIN_CUTOFF_SQL } from '../../src/latchkey/tokens/sessions/store/session-sql.js';
import type { Answer, ApiClient, RequestOptions } from '../support/api-client.js';
import type { Stores } from '../support/stores.js';
import type { TestApp } from '../support/test-app.js';
import type { SignedIn } from './accounts.js';

const PREFIX_LENGTH = 'lkr_'.length;
const SESSION_ID_BYTES = 16;

/** Presents a refresh token in the body, as a mobile app does. */
export function refresh(
  api: ApiClient,
  refreshToken: string,
  options?: RequestOptions,
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to expect
): Promise<Answer<any>> {
  return api.post('/auth/refresh', { refreshToken }, options);
}

/** The refresh tokens of `count` refreshes in a row; each is presented to get the next. */
export async function rotate(
  api: ApiClient,
  refreshToken: string,
  count: number,
): Promise<string[]> {
  const tokens: string[] = [];
  for (let current = refreshToken; tokens.length < count; tokens.push(current)) {
    const { status, body } = await refresh(api, current);
    if (status !== 200) throw new Error(`Refreshing answered ${status}: ${body?.code}`);
    current = body.refreshToken;
  }
  return tokens;
}

/** Lets time pass for one session: by the database's clock, which alone decides its limits. */
export async function age(stores: Stores, sessionId: string, seconds: number): Promise<void> {
  await stores.query(
    `UPDATE sessions AS session
     SET (created_at, expires_at, rotated_at, grace_bucket_started_at, factors) =
       (SELECT created_at - passed, expires_at - passed, rotated_at - passed,
         grace_bucket_started_at - passed,
         (SELECT jsonb_object_agg(key, value || jsonb_build_object('at', (value->>'at')::int - $2::int))
           FROM jsonb_each(factors))
        FROM make_interval(secs => $2) AS passed)
     WHERE session.id = $1`,
    [sessionId, seconds],
  );
}

/** Ends all sessions of a user but one, as a feature of a team's own may. */
export function endOthers({ nest }: Pick<TestApp, 'nest'>, kept: SignedIn) {
  const { userId, sessionId } = kept;
  const ender = nest.get(SessionEnder, { strict: false });
  const actor = { userId, sessionId, ip: '127.0.0.1', userAgent: null, requestId: 'a test' };
  return nest
    .get(Revocations, { strict: false })
    .commit((transaction) =>
      ender.endAllOfUser(transaction, userId, { reason: 'logout_all', actor, except: sessionId }),
    );
}

/** The generation that a refresh token says it is. */
export function generationOf(refreshToken: string): number {
  return bytesOf(refreshToken).readUInt32BE(SESSION_ID_BYTES);
}

/** The parts of a refresh token, for those who forge one. */
export function partsOf(refreshToken: string): {
  sessionId: Buffer;
  generation: Buffer;
  mac: Buffer;
} {
  const bytes = bytesOf(refreshToken);
  return {
    sessionId: bytes.subarray(0, SESSION_ID_BYTES),
    generation: bytes.subarray(SESSION_ID_BYTES, SESSION_ID_BYTES + 4),
    mac: bytes.subarray(SESSION_ID_BYTES + 4),
  };
}

export function tokenOf(parts: { sessionId: Buffer; generation: Buffer; mac: Buffer }): string {
  const bytes = Buffer.concat([parts.sessionId, parts.generation, parts.mac]);
  return `lkr_${bytes.toString('base64url')}`;
}

function bytesOf(refreshToken: string): Buffer {
  return Buffer.from(refreshToken.slice(PREFIX_LENGTH), 'base64url');
}

export interface SessionRow {
  readonly generation: number;
  readonly endReason: string | null;
  readonly endedAt: Date | null;
}

export async function findSession(stores: Stores, sessionId: string): Promise<SessionRow | null> {
  const [row] = await stores.query<SessionRow & Record<string, unknown>>(
    `SELECT session.generation, coalesce(session.end_reason, cutoff.reason) AS "endReason",
       coalesce(session.ended_at, cutoff.decided_at) AS "endedAt"
     FROM sessions AS session ${JOIN_CUTOFF_SQL} WHERE session.id = $1`,
    [sessionId],
  );
  return row ?? null;
}

/** The generation that was presented last with success; -1 before the first refresh. */
export async function findPresentedGeneration(stores: Stores, sessionId: string): Promise<number> {
  const [row] = await stores.query<{ presented: number }>(
    'SELECT generation - 1 - skipped_generations AS presented FROM sessions WHERE id = $1',
    [sessionId],
  );
  return row?.presented ?? -1;
}

/** How often reuse was recorded, for one session or for all. */
export async function countThefts(stores: Stores, sessionId?: string): Promise<number> {
  const [row] = await stores.query<{ thefts: number }>(
    `SELECT count(*)::int AS thefts FROM audit_events
     WHERE action = 'session.refresh_reused' AND ($1::text IS NULL OR target_id = $1)`,
    [sessionId ?? null],
  );
  return row?.thefts ?? 0;
}
