import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { refresh } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

/** On the connection that was used last. */
async function preparedIn(app: TestApp): Promise<string[]> {
  const rows = await run(app, 'SELECT name FROM pg_prepared_statements ORDER BY name');
  // Without the mark of its text.
  return rows.map(({ name }) => name.slice(0, -'-0123456789ab'.length));
}

it('a refresh goes on while a migration changes the type of what it reads', async () => {
  await using app = await startTestApp();
  const { refreshToken } = await signUp(app);
  const first = await refresh(app.api, refreshToken);
  expect(await preparedIn(app)).toEqual(['advance-session', 'find-session-with-user']);

  await app.stores.query('ALTER TABLE users ALTER COLUMN name TYPE varchar(300)');
  const second = await refresh(app.api, first.body.refreshToken);
  expect([second.status, second.body.user.id]).toEqual([200, first.body.user.id]);
});

describe('nothing more is prepared, and no refresh fails, once a pooler has given a connection', () => {
  it.each([
    ['that does not know a statement', (app: TestApp) => run(app, 'DEALLOCATE ALL')],
    ['on which another process has prepared it', prepareElsewhere],
  ])('%s', async (_, exchange) => {
    await using app = await startTestApp();
    const session = await signUp(app);
    const first = await refresh(app.api, session.refreshToken);
    await exchange(app);
    const second = await refresh(app.api, first.body.refreshToken);
    expect([second.status, second.body.sessionId]).toEqual([200, session.sessionId]);
    const before = await preparedIn(app);
    expect((await refresh(app.api, second.body.refreshToken)).status).toBe(200);
    expect(await preparedIn(app)).toEqual(before);
    expect(before.length).toBeLessThan(2);
  });

  /** As a new connection of the process finds it. */
  async function prepareElsewhere(app: TestApp): Promise<void> {
    const [statement] = await run(
      app,
      'SELECT name FROM pg_prepared_statements ORDER BY name DESC',
    );
    await app.stores.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'latchkey'`,
    );
    await eventually(() => run(app, `PREPARE "${statement?.name}" AS SELECT 1`), { within: 5 });
  }
});

function run(app: TestApp, sql: string): Promise<{ name: string }[]> {
  return app.nest.get(DataSource, { strict: false }).query(sql);
}

it('nothing is prepared behind a pooler that would not know it', async () => {
  await using app = await startTestApp({ DATABASE_PREPARED_STATEMENTS: 'false' });
  const { refreshToken } = await signUp(app);
  expect((await refresh(app.api, refreshToken)).status).toBe(200);
  expect(await preparedIn(app)).toEqual([]);
});
