import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { storeSessions } from '../../../builders/stored-sessions.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const KEPT = { RETENTION_INTERVAL_SECONDS: '86400', RETENTION_BATCH_SIZE: '3' };

let stores: Stores;
let app: TestApp;
let admin: SignedIn;
let user: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  app = await TestApp.start({ stores, env: KEPT });
  admin = await signUpAdmin(app);
});
beforeEach(async () => {
  user = await signUp(app);
});
afterAll(async () => {
  await app.stop();
  await stores.drop();
});

function runRetention(): Promise<void> {
  return app.nest.get(RetentionSchedule, { strict: false }).runOnce();
}

async function findSession(id: string) {
  const [row] = await stores.query<{ end_reason: string | null; ended_at: Date | null }>(
    'SELECT * FROM sessions WHERE id = $1',
    [id],
  );
  return row;
}

/** Time passes for whatever has ended. */
async function ageEnded(days: number): Promise<void> {
  await stores.query(`UPDATE sessions SET ended_at = ended_at - make_interval(days => $1)`, [days]);
}

function endAll({ userId }: SignedIn) {
  return app.api.delete(`/admin/users/${userId}/sessions`, { token: admin.accessToken });
}

describe('what is old', () => {
  it('is removed: sessions long after they ended, in as many batches as it takes', async () => {
    const { userId } = user;
    await storeSessions(stores, { userId, count: 8 });
    await endAll(user);
    await runRetention();
    await ageEnded(29);
    await runRetention();
    expect(await findSession(user.sessionId)).toBeDefined();
    await ageEnded(2);
    await runRetention();
    const rows = await stores.query('SELECT id FROM sessions WHERE user_id = $1', [userId]);
    expect(rows).toEqual([]);
  });

  it('is no session that lives, however long ago it began', async () => {
    const { userId, refreshToken, sessionId } = user;
    await stores.query(
      `UPDATE sessions SET created_at = created_at - interval '900 days',
         expires_at = expires_at + interval '900 days' WHERE user_id = $1`,
      [userId],
    );
    await runRetention();
    expect(await findSession(sessionId)).toBeDefined();
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('is a cutoff that no session needs any more, and no other', async () => {
    const { userId, refreshToken, sessionId } = user;
    await endAll(user);
    await stores.query(
      `UPDATE session_cutoffs SET decided_at = decided_at - interval '31 days' WHERE user_id = $1`,
      [userId],
    );
    const cutoffs = () =>
      stores.query('SELECT 1 FROM session_cutoffs WHERE user_id = $1', [userId]);

    const client = new pg.Client(stores.databaseUrl);
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE', [sessionId]);
    await runRetention();
    await client.query('ROLLBACK').finally(() => client.end());
    expect(await cutoffs()).toHaveLength(1);
    const { body } = await app.api.post('/auth/refresh', { refreshToken });
    expect(body.code).toBe('auth.session_revoked');

    await runRetention();
    expect(await cutoffs()).toHaveLength(0);
    const again = await app.api.post('/auth/refresh', { refreshToken });
    expect(again.status).toBe(401);
  });

  it('is an entry of the revocation log that has lapsed, and none that a token could meet', async () => {
    await endAll(user);
    const live = () => stores.query('SELECT id FROM revocation_log ORDER BY id');
    const before = await live();
    await stores.query(
      `INSERT INTO revocation_log (kind, subject, expires_at)
       SELECT 'session', gen_random_uuid()::text, clock_timestamp() - interval '3 days'
       FROM generate_series(1, 7)`,
    );
    await runRetention();
    expect(await live()).toEqual(before);
  });

  it('is an audit event after 400 days', async () => {
    await stores.query(
      `INSERT INTO audit_events (id, created_at, action, outcome)
       SELECT gen_random_uuid(), clock_timestamp() - make_interval(days => age), 'session.started',
         'success' FROM unnest(ARRAY[401, 402, 403, 404, 399]) AS age`,
    );
    const before = await stores.query('SELECT 1 FROM audit_events');
    await runRetention();
    expect(await stores.query('SELECT 1 FROM audit_events')).toHaveLength(before.length - 4);
  });
});
