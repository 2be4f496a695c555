import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import { ADVISORY_LOCKS } from '../../../../src/latchkey/platform/database/advisory-locks.js';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const KEPT = { RETENTION_INTERVAL_SECONDS: '86400', RETENTION_BATCH_SIZE: '3' };

let stores: Stores;
let app: TestApp;
const others: TestApp[] = [];
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
  await Promise.all([app, ...others].map((instance) => instance.stop()));
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

function endAll({ userId }: SignedIn) {
  return app.api.delete(`/admin/users/${userId}/sessions`, { token: admin.accessToken });
}

describe('removing', () => {
  it('is left to the instance that is at it', async () => {
    await endAll(user);
    const other = new pg.Client(stores.databaseUrl);
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.retention]);
    await runRetention();
    expect((await findSession(user.sessionId))?.end_reason).toBeNull();
    await other.end();
    await runRetention();
    expect((await findSession(user.sessionId))?.end_reason).toBe('admin');
  });

  it('waits for its turn where everything is to be done', async () => {
    await endAll(user);
    const other = new pg.Client(stores.databaseUrl);
    await other.connect();
    await other.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.retention]);
    const round = app.nest.get(RetentionSchedule, { strict: false }).runOnce({ wait: true });
    await eventually(
      async () => {
        const waiting = await stores.query(
          `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          [ADVISORY_LOCKS.retention],
        );
        expect(waiting).toHaveLength(1);
      },
      { within: 10 },
    );
    await other.end();
    await round;
    expect((await findSession(user.sessionId))?.end_reason).toBe('admin');
  });

  it('goes on by itself, every so often', async () => {
    const hurried = { ...KEPT, RETENTION_INTERVAL_SECONDS: '1' };
    others.push(await TestApp.start({ stores, env: hurried }));
    await endAll(user);
    await eventually(
      async () => expect((await findSession(user.sessionId))?.end_reason).toBe('admin'),
      { within: 10 },
    );
  });

  it.each([
    ['RETENTION_BATCH_SIZE', '0'],
    ['ENDED_SESSION_RETENTION_DAYS', '0'],
    ['AUDIT_RETENTION_DAYS', 'forever'],
    ['RETENTION_INTERVAL_SECONDS', '0'],
  ])('is not configured by %s=%s', async (variable, value) => {
    await expect(TestApp.start({ stores, env: { [variable]: value } })).rejects.toThrow(variable);
  });
});
