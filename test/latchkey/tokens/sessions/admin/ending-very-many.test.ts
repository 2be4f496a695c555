import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../../builders/accounts.js';
import { storeSessions } from '../../../../builders/stored-sessions.js';
import { startTestApp, type TestApp } from '../../../../support/test-app.js';

let app: TestApp & AsyncDisposable;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
beforeEach(async () => {
  await app.stores.query('DELETE FROM sessions');
  await app.stores.query('DELETE FROM session_cutoffs');
  admin = await signIn(app.api, admin.email);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

function revoke(filter: object, more: object = {}) {
  const body = { filter, reason: 'drill', ...more };
  return app.api.post('/admin/sessions/revoke', body, { token: admin.accessToken });
}

async function isOver({ refreshToken }: SignedIn): Promise<boolean> {
  const { status } = await app.api.post('/auth/refresh', { refreshToken });
  return status === 401;
}

async function countRows(table: string): Promise<number> {
  const [row] = await app.stores.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table}`,
  );
  return row?.count ?? -1;
}

describe('ending very many sessions', () => {
  const MANY = 10_050;
  it('of a user or of everyone writes one row and one entry, and estimates their number', async () => {
    const user = await signUp(app);
    await storeSessions(app.stores, { userId: user.userId, count: MANY });
    await app.stores.query('ANALYZE sessions');
    const dry = await revoke({ userId: user.userId }, { dryRun: true });
    expect(dry.body).toMatchObject({ revoked: 0, estimated: true });

    for (const filter of [{ userId: user.userId }, { all: true }]) {
      const before = await Promise.all(['session_cutoffs', 'revocation_log'].map(countRows));
      const { body } = await revoke(filter);
      expect(body.estimated).toBe(true);
      expect(body.revoked).toBeGreaterThan(MANY * 0.9);
      const after = await Promise.all(['session_cutoffs', 'revocation_log'].map(countRows));
      expect(after).toEqual(before.map((count) => count + 1));
    }
    const [row] = await app.stores.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM sessions WHERE ended_at IS NOT NULL',
    );
    expect(row?.count).toBe(0);
    expect(await isOver(user)).toBe(true);
  });

  it('by any other filter is exact, in one transaction', async () => {
    const user = await signUp(app);
    await storeSessions(app.stores, { userId: user.userId, count: MANY });
    const logged = await countRows('revocation_log');
    const { body } = await revoke({ userAgent: 'stored' });
    expect(body).toEqual({ matched: MANY, revoked: MANY });
    expect(await countRows('revocation_log')).toBe(logged + MANY);
    expect(await isOver(user)).toBe(false);
  });
});
