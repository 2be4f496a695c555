import { expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

/** For a process that waits for its turn on a busy machine. */
const NOTICED = { within: 10 };

/** As every connection finds it after a failover to a replica, until the replica is promoted. */
async function makeReadOnly(app: TestApp, setting: 'on' | 'off'): Promise<void> {
  const name = new URL(app.stores.databaseUrl).pathname.slice(1);
  await app.stores.query(
    `BEGIN READ WRITE; ALTER DATABASE ${name} SET default_transaction_read_only = ${setting}; COMMIT`,
  );
  await app.stores.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'latchkey%'`,
  );
}

it('a process whose Postgres takes no writes says so, serves guarded requests, and asks to be tried again', async () => {
  await using app = await startTestApp();
  const { email, accessToken: token } = await signUp(app);
  const ready = () => app.api.get('/health/ready');
  const signIn = () => app.api.post('/auth/login', { email, password: PASSWORD, delivery: 'body' });

  await makeReadOnly(app, 'on');
  await eventually(async () => {
    const { status, body } = await ready();
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.error.database).toEqual({ status: 'down', readOnly: true });
  }, NOTICED);
  const answer = await signIn();
  expect(refusalOf(answer)).toEqual(refused(503, 'database.unavailable'));
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await app.api.get('/auth/me', { token })).status).toBe(200);

  await makeReadOnly(app, 'off');
  await eventually(async () => expect((await ready()).body.status).toBe('ok'), NOTICED);
  expect((await signIn()).status).toBe(200);
});
