import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const POOL_SIZE = 2;
const SETTINGS = {
  REDIS_URL: '',
  REVOCATION_POLL_SECONDS: '1',
  DATABASE_POOL_SIZE: String(POOL_SIZE),
};
const WITHIN = { within: 3 };
/** For each the reader looks into the log once more. */
const AGAIN = Array.from({ length: repeated({ quick: 1, full: 3 }) });

let stores: Stores;
let revoking: TestApp;
let reading: TestApp;

beforeAll(async () => {
  stores = await createStores();
  revoking = await TestApp.start({ stores, env: SETTINGS });
  reading = await TestApp.start({ stores, env: SETTINGS });
});

afterAll(async () => {
  await reading.stop();
  await revoking.stop();
  await stores.drop();
});

describe('a process without Redis learns of a revocation from the log', () => {
  it('although requests hold every connection of its pool', async () => {
    const session = await signUp(revoking);
    const pool = reading.nest.get(DataSource);
    const hanging = Array.from({ length: POOL_SIZE }, () =>
      pool.query('SELECT pg_sleep(8)').catch(() => 'ended'),
    );
    await signOut(session.accessToken);
    await refusedByReader(session.accessToken);
    await stores.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query = 'SELECT pg_sleep(8)'`,
    );
    expect(await Promise.all(hanging)).toEqual(['ended', 'ended']);
  });

  it('although the database was restored and gives ids a second time', async () => {
    const first = await signUp(revoking);
    const others = await Promise.all(AGAIN.map(() => signIn(revoking.api, first.email)));
    await signOut(first.accessToken);
    await refusedByReader(first.accessToken);
    await stores.query('DELETE FROM revocation_log');
    await stores.query('ALTER TABLE revocation_log ALTER COLUMN id RESTART WITH 1');
    for (const { accessToken } of others) {
      await signOut(accessToken);
      await refusedByReader(accessToken);
    }
    await refusedByReader(first.accessToken);
  });

  it('although its transaction commits after one with a later id', async () => {
    const [early, late] = await Promise.all([signUp(revoking), signUp(revoking)]);
    const insert = `INSERT INTO revocation_log (kind, subject, expires_at)
      VALUES ('session', $1, clock_timestamp() + interval '1 hour')`;
    const runner = revoking.nest.get(DataSource).createQueryRunner();
    await runner.startTransaction();
    await runner.query(insert, [early.sessionId]);
    await stores.query(insert, [late.sessionId]);
    await refusedByReader(late.accessToken);
    expect((await reading.api.get('/auth/me', { token: early.accessToken })).status).toBe(200);
    await runner.commitTransaction();
    await runner.release();
    await refusedByReader(early.accessToken);
  });
});

async function signOut(token: string): Promise<void> {
  expect((await revoking.api.post('/auth/logout', undefined, { token })).status).toBe(204);
}

async function refusedByReader(token: string): Promise<void> {
  await eventually(async () => {
    const { body } = await reading.api.get('/auth/me', { token });
    expect(body.code).toBe('access.token_revoked');
  }, WITHIN);
}
