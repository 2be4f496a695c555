import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUp } from '../../../builders/accounts.js';
import { age, refresh, rotate } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { LeanClient } from '../../../support/lean-client.js';
import { recordStatements } from '../../../support/recorded-statements.js';
import type { Stores } from '../../../support/stores.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const ROTATIONS = repeated({ quick: 40, full: 1_000 });
const AFTER_THE_GRACE_SECONDS = 30;
/** Well below `jit_above_cost`: Postgres would compile the plan, for longer than it runs. */
const DEAR = 10_000;
/** So that nothing but the refresh itself speaks to Postgres. */
const NO_POLLING = { REVOCATION_POLL_SECONDS: '3600' };

describe('what an application asks of Postgres', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp(NO_POLLING);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('no statement of a client’s looks dear to a database that has no statistics of it yet', async () => {
    const statements = await recordStatements(async () => {
      const { email, accessToken: token } = await signUp(app);
      const { refreshToken } = await signIn(app.api, email);
      await refresh(app.api, refreshToken);
      await app.api.get('/auth/sessions', { token });
      await app.api.get('/users/me', { token });
      await app.api.post('/auth/logout', { refreshToken });
      await app.api.post('/auth/logout-all', undefined, { token });
    });
    const plannable = statements.filter((sql) => /^(SELECT|INSERT|UPDATE|WITH)$/.test(verbOf(sql)));
    expect(plannable.length).toBeGreaterThan(15);
    for (const sql of new Set(plannable)) {
      const [plan] = await app.stores.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`);
      const cost = plan?.['QUERY PLAN'][0].Plan['Total Cost'];
      expect([sql, cost < DEAR]).toEqual([sql, true]);
    }
  });

  it('a refresh is two SQL statements, without a transaction around them', async () => {
    const { refreshToken } = await signUp(app);

    const rotating = await recordStatements(() => refresh(app.api, refreshToken));
    const retrying = await recordStatements(() => refresh(app.api, refreshToken));

    expect(rotating.map(verbOf)).toEqual(['SELECT', 'UPDATE']);
    expect(retrying.map(verbOf)).toEqual(['SELECT']);
  });

  it('no index covers a column that a refresh changes', async () => {
    const indexed = await app.stores.query<{ columns: string[] }>(
      `SELECT array_agg(attname::text ORDER BY attnum) AS columns
     FROM pg_index JOIN pg_attribute ON attrelid = indexrelid
     WHERE indrelid = 'sessions'::regclass GROUP BY indexrelid ORDER BY 1`,
    );

    expect(indexed.map(({ columns }) => columns)).toEqual([
      ['client_id'],
      ['ended_at'],
      ['id'],
      ['id'],
      ['parent_id'],
      ['user_id', 'id'],
    ]);
  });
});

it(
  `${ROTATIONS} refreshes add no row and touch no index, and the first token is still known`,
  async () => {
    await using app = await startTestApp();
    const { refreshToken, sessionId } = await signUp(app);
    const client = new LeanClient(app.origin);
    const before = await sizesOf(app.stores);
    let current = refreshToken;
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      current = (await client.refresh(current)).body.refreshToken;
    }
    client.close();

    expect(await sizesOf(app.stores)).toEqual(before);

    await age(app.stores, sessionId, AFTER_THE_GRACE_SECONDS);
    expect((await refresh(app.api, refreshToken)).body.code).toBe('auth.refresh_reused');
    expect((await refresh(app.api, current)).body.code).toBe('auth.session_revoked');

    // Postgres counts the updates of a connection when the connection ends.
    await app.stop();
    const THE_END_OF_THE_FAMILY = 1;
    await eventually(() => expectHeapOnlyUpdates(app.stores, ROTATIONS, THE_END_OF_THE_FAMILY), {
      within: 30,
    });
  },
  onThisMachine(120_000),
);

it(
  'refreshes of many sessions whose rows share their pages touch no index either',
  async () => {
    const SESSIONS = 30;
    const REFRESHES_OF_EACH = 4;
    await using app = await startTestApp();
    const { email } = await signUp(app);
    for (let session = 0; session < SESSIONS; session++) {
      await rotate(app.api, (await signIn(app.api, email)).refreshToken, REFRESHES_OF_EACH);
    }

    await app.stop();
    const updates = SESSIONS * REFRESHES_OF_EACH;
    await eventually(() => expectHeapOnlyUpdates(app.stores, updates), { within: 30 });
  },
  onThisMachine(60_000),
);

function verbOf(statement: string): string {
  return statement.trim().split(/\s/, 1)[0]?.toUpperCase() ?? '';
}

/** The rows of every table, and the bytes of every index of `sessions`. */
/** But for when jobs last ran, which time alone changes. */
async function sizesOf(stores: Stores): Promise<Record<string, number>> {
  const tables = await stores.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> 'scheduled_jobs'`,
  );
  const counts = tables.map(
    ({ name }) => `SELECT 'rows of ${name}' AS name, count(*)::int AS size FROM ${name}`,
  );
  const indexes = `SELECT 'bytes of ' || indexrelid::regclass, pg_relation_size(indexrelid)::int
    FROM pg_index WHERE indrelid = 'sessions'::regclass`;
  const sizes = await stores.query<{ name: string; size: number }>(
    [...counts, indexes].join(' UNION ALL '),
  );
  return Object.fromEntries(sizes.map(({ name, size }) => [name, size]));
}

/** Heap-only: the new version of a row is in its page, and the indexes need not learn of it. */
async function expectHeapOnlyUpdates(stores: Stores, atLeast: number, others = 0): Promise<void> {
  const [counted] = await stores.query<{ updates: number; heapOnly: number }>(
    `SELECT n_tup_upd::int AS updates, n_tup_hot_upd::int AS "heapOnly"
     FROM pg_stat_user_tables WHERE relname = 'sessions'`,
  );
  expect(counted?.updates).toBeGreaterThanOrEqual(atLeast);
  const { updates = 0, heapOnly = 0 } = counted ?? {};
  // One in fifty: a page that is full while another transaction still looks at its old rows.
  expect(updates - heapOnly).toBeLessThanOrEqual(Math.max(others + 1, Math.floor(updates / 50)));
}
