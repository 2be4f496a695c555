import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { signUp } from '../builders/accounts.js';
import { refresh } from '../builders/sessions.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** On the connection that was used last. */
async function preparedIn(app: TestApp): Promise<string[]> {
  const rows = await app.nest
    .get(DataSource, { strict: false })
    .query<{ name: string }[]>('SELECT name FROM pg_prepared_statements ORDER BY name');
  return rows.map(({ name }) => name);
}

it('a refresh goes on while a migration changes the type of what it reads', async () => {
  await using app = await startTestApp();
  const { refreshToken } = await signUp(app);
  const first = await refresh(app.api, refreshToken);
  expect(await preparedIn(app)).toEqual(['advance-session', 'find-session', 'find-user-facts']);

  await app.stores.query('ALTER TABLE users ALTER COLUMN name TYPE varchar(300)');
  const second = await refresh(app.api, first.body.refreshToken);
  expect([second.status, second.body.user.id]).toEqual([200, first.body.user.id]);
});

it('nothing is prepared behind a pooler that would not know it', async () => {
  await using app = await startTestApp({ DATABASE_PREPARED_STATEMENTS: 'false' });
  const { refreshToken } = await signUp(app);
  expect((await refresh(app.api, refreshToken)).status).toBe(200);
  expect(await preparedIn(app)).toEqual([]);
});
