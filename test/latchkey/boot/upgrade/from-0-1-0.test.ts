import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerOf } from '../../../builders/access-tokens.js';
import { signIn } from '../../../builders/accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { atTime } from '../../../support/stopped-clock.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { startTestApp } from '../../../support/test-app.js';

const fileHere = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The database, as pg_dump wrote it, and what its people and clients hold. */
const DUMP = fileHere('./database-of-0.1.0.sql');
const held: typeof import('./held-since-0.1.0.json') = JSON.parse(
  fileHere('./held-since-0.1.0.json'),
);

/** Puts the database of 0.1.0 in place of today's, as if it had been left a minute ago. */
async function loadDatabase(stores: Stores): Promise<void> {
  await stores.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${DUMP}`);
  const columns = await stores.query<{ shift: string }>(
    `SELECT format('UPDATE %I SET %s', table_name, string_agg(format(
              '%1$I = %1$I + (clock_timestamp() - interval ''1 minute'' - %2$L)',
              column_name, $1::timestamptz), ', ')) AS shift
       FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
        AND table_name <> 'audit_events' AND is_generated = 'NEVER'
      GROUP BY table_name`,
    [held.madeAt],
  );
  for (const { shift } of columns) await stores.query(shift);
}

/** The wall clock a minute after an access token of then was issued: they live for 15 minutes. */
function minuteAfter(accessToken: string): number {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).iat + 60;
}

describe('what was made by 0.1.0, after an upgrade', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    const stores = await createStores();
    await loadDatabase(stores);
    app = await startTestApp({ APP_SECRETS: held.secrets }, { stores });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('has the schema of a database that is new', async () => {
    const fresh = await createStores();
    const schema = (stores: Stores) =>
      stores.query(
        `SELECT table_name, column_name, data_type, is_nullable, column_default, NULL AS rule
           FROM information_schema.columns WHERE table_schema = 'public'
         UNION ALL
         SELECT conrelid::regclass::text, conname, NULL, NULL, NULL, pg_get_constraintdef(oid)
           FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL
         SELECT tablename, indexname, NULL, NULL, NULL, indexdef
           FROM pg_indexes WHERE schemaname = 'public'
         ORDER BY 1, 2, 6`,
      );
    const [upgraded, made] = [await schema(app.stores), await schema(fresh)];
    await fresh.drop();
    expect(made.length).toBeGreaterThan(100);
    expect(upgraded).toEqual(made);
  });

  it('has no migration pending, and "npm run migration:generate" finds nothing to do', async () => {
    const dataSource = app.nest.get(DataSource, { strict: false });
    expect(await dataSource.showMigrations()).toBe(false);
    expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  it.each(['live', 'newKey'] as const)(
    'publishes the key that signed for the %s session, for services that verify',
    async (name) => {
      const { body } = await app.api.get('/.well-known/jwks.json');
      const kids = body.keys.map((key: { kid: string }) => key.kid);
      expect(kids).toContain(headerOf(held.sessions[name].accessToken).kid);
    },
  );

  /** What a guarded route says to an access token of then, at a time when it had not expired. */
  const shown = (accessToken: string, path = '/auth/me') =>
    atTime(app, minuteAfter(accessToken), () => app.api.get(path, { token: accessToken }));

  it.each(Object.entries(held.people).filter(([name]) => name !== 'dan'))(
    'signs %s in with the password of then',
    async (_, { email, password }) => {
      const { accessToken } = await signIn(app.api, email, password);
      expect(await app.api.get('/users/me', { token: accessToken })).toMatchObject({
        status: 200,
        body: { email },
      });
    },
  );

  it('keeps a disabled account out', async () => {
    const answer = await app.api.post('/auth/login', held.people.dan);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
  });

  it.each(['live', 'rotated', 'editor', 'newKey'] as const)(
    'refreshes the %s session, and again with what that gave',
    async (name) => {
      let { refreshToken } = held.sessions[name];
      for (let round = 0; round < 2; round += 1) {
        const { status, body } = await app.api.post('/auth/refresh', { refreshToken });
        expect(status).toBe(200);
        expect((await app.api.get('/auth/me', { token: body.accessToken })).status).toBe(200);
        refreshToken = body.refreshToken;
      }
    },
  );

  it.each(['signedOut', 'signedOutEverywhere', 'disabled'] as const)(
    'goes on refusing what was ended then: the session %s',
    async (name) => {
      const { refreshToken, accessToken } = held.sessions[name];
      expect(refusalOf(await app.api.post('/auth/refresh', { refreshToken }))).toEqual(
        refused(401, 'auth.session_revoked'),
      );
      expect(refusalOf(await shown(accessToken))).toEqual(refused(401, 'access.token_revoked'));
    },
  );

  it.each(['live', 'editor', 'newKey'] as const)(
    'verifies the access token of the %s session, whichever key signed it',
    async (name) => {
      expect((await shown(held.sessions[name].accessToken)).status).toBe(200);
    },
  );

  it('still grants what a role of then grants, to a user and to a client', async () => {
    const { email, password } = held.people.eva;
    const eva = await signIn(app.api, email, password);
    expect((await app.api.get('/admin/users', { token: eva.accessToken })).status).toBe(200);
    expect((await shown(held.client.accessToken, '/admin/users')).status).toBe(200);
  });

  it('gives the client a token for the secret of then', async () => {
    const basic = Buffer.from(`${held.client.id}:${held.client.secret}`).toString('base64');
    const answer = await fetch(`${app.origin}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(200);
  });

  it('has the audit trail of then', async () => {
    const { email, password } = held.people.admin;
    const { accessToken } = await signIn(app.api, email, password);
    const { body } = await app.api.get('/admin/audit-events?action=session.started&limit=100', {
      token: accessToken,
    });
    const times = body.items.map((event: { createdAt: string }) => event.createdAt);
    expect(times.filter((time: string) => time < held.madeAt).length).toBeGreaterThanOrEqual(8);
  });
});
