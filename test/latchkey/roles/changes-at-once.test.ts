/** What a script of an administrator's does by accident: a hundred changes at once. */

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL_SIZE: '4' });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it('changes of roles that wait for each other leave connections to those who sign in', async () => {
  const client = new pg.Client(app.stores.databaseUrl);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM role_definitions FOR UPDATE');
  const changes = Array.from({ length: 12 }, (_, index) =>
    app.api.post(
      '/admin/roles',
      { name: `made-${index}`, permissions: [] },
      { token: admin.accessToken },
    ),
  );
  const waiting = () =>
    app.stores.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  await eventually(async () => expect((await waiting()).length).toBeGreaterThan(1), { within: 5 });
  await signUp(app).finally(() => client.query('COMMIT').finally(() => client.end()));
  const statuses = (await Promise.all(changes)).map(({ status }) => status);
  expect(statuses).toEqual(changes.map(() => 201));
});
