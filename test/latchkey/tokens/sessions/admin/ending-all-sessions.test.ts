import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../../builders/accounts.js';
import { endOthers } from '../../../../builders/sessions.js';
import { eventually } from '../../../../support/eventually.js';
import { createStores, type Stores } from '../../../../support/stores.js';
import { TestApp } from '../../../../support/test-app.js';

let stores: Stores;
let here: TestApp;
let there: TestApp;
let admin: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  here = await TestApp.start({ stores });
  there = await TestApp.start({ stores });
  admin = await signUpAdmin(here);
});
beforeEach(async () => {
  admin = await signIn(here.api, admin.email);
});
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await stores.drop();
});

async function expectOver(session: SignedIn): Promise<void> {
  for (const app of [here, there]) {
    await eventually(
      async () => {
        const { body } = await app.api.get('/auth/me', { token: session.accessToken });
        expect(body.code).toBe('access.token_revoked');
      },
      { within: 5 },
    );
    const { refreshToken } = session;
    const { status, body } = await app.api.post('/auth/refresh', { refreshToken });
    expect([status, body.code]).toEqual([401, 'auth.session_revoked']);
  }
}

/** Goes on with the session on both instances; returns it with its next refresh token. */
async function expectLive(session: SignedIn): Promise<SignedIn> {
  let { refreshToken } = session;
  for (const app of [here, there]) {
    const { status } = await app.api.get('/auth/me', { token: session.accessToken });
    expect(status).toBe(200);
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refreshed.status).toBe(200);
    refreshToken = refreshed.body.refreshToken;
  }
  return { ...session, refreshToken };
}

async function added(table: string, action: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    const [row] = await stores.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    return row?.count ?? 0;
  };
  const before = await count();
  await action();
  return (await count()) - before;
}

describe('ending all sessions of a user', () => {
  it.each<[string, (user: SignedIn) => Promise<{ status: number }>]>([
    [
      'logging out everywhere',
      ({ accessToken: token }) => here.api.post('/auth/logout-all', undefined, { token }),
    ],
    [
      'an administrator',
      ({ userId }) =>
        here.api.delete(`/admin/users/${userId}/sessions`, { token: admin.accessToken }),
    ],
    [
      'disabling the account',
      ({ userId }) =>
        here.api.patch(
          `/admin/users/${userId}`,
          { status: 'disabled' },
          { token: admin.accessToken },
        ),
    ],
  ])('by %s ends each of them everywhere, by one entry, and nobody else’s', async (_, end) => {
    const user = await signUp(here);
    const second = await signIn(there.api, user.email);
    const other = await signUp(there);
    const entries = await added('revocation_log', async () => {
      const { status } = await end(user);
      expect(status).toBe(200);
    });
    expect(entries).toBe(1);
    await expectOver(user);
    await expectOver(second);
    await expectLive(other);
  });

  it('by deleting the account leaves no token that is accepted', async () => {
    const user = await signUp(here);
    await here.api.delete(`/admin/users/${user.userId}`, { token: admin.accessToken });
    await eventually(
      async () => {
        const { body } = await there.api.get('/auth/me', { token: user.accessToken });
        expect(body.code).toBe('access.token_revoked');
      },
      { within: 5 },
    );
    const { body } = await here.api.post('/auth/refresh', { refreshToken: user.refreshToken });
    expect(body.code).toBe('auth.refresh_invalid');
  });

  it('counts only the live ones, each of them once', async () => {
    const user = await signUp(here);
    await signIn(here.api, user.email);
    const end = () =>
      here.api.delete(`/admin/users/${user.userId}/sessions`, { token: admin.accessToken });
    expect((await end()).body).toEqual({ revoked: 2 });
    expect((await end()).body).toEqual({ revoked: 0 });
    const third = await signIn(here.api, user.email);
    await here.api.delete(`/admin/sessions/${third.sessionId}`, { token: admin.accessToken });
    await signIn(here.api, user.email);
    expect((await end()).body).toEqual({ revoked: 1 });
  });

  it('leaves nothing to end one by one, and nothing in the lists', async () => {
    const user = await signUp(here);
    const token = admin.accessToken;
    await here.api.delete(`/admin/users/${user.userId}/sessions`, { token });
    const one = await here.api.delete(`/admin/sessions/${user.sessionId}`, { token });
    expect([one.status, one.body.code]).toEqual([404, 'sessions.not_found']);
    const list = await here.api.get(`/admin/users/${user.userId}/sessions`, { token });
    expect(list.body.items).toEqual([]);
  });

  it('does not touch a session that begins right after', async () => {
    let user = await signUp(here);
    for (let round = 0; round < 20; round++) {
      await here.api.post('/auth/logout-all', undefined, { token: user.accessToken });
      user = await signIn(here.api, user.email);
      expect((await here.api.get('/auth/me', { token: user.accessToken })).status).toBe(200);
    }
    await expectLive(user);
  });

  it('ends also what a clock set forward had begun, and later sign-ins live', async () => {
    const user = await signUp(here);
    const ahead = Math.floor(Date.now() + 3_600_000)
      .toString(16)
      .padStart(12, '0');
    await stores.query(
      `UPDATE sessions SET id = overlay(id::text placing $2 from 1 for 13)::uuid WHERE id = $1`,
      [user.sessionId, `${ahead.slice(0, 8)}-${ahead.slice(8)}`],
    );
    const end = () =>
      here.api.delete(`/admin/users/${user.userId}/sessions`, { token: admin.accessToken });
    expect((await end()).body).toEqual({ revoked: 1 });
    await expectLive(await signIn(here.api, user.email));
    expect((await end()).body).toEqual({ revoked: 1 });
  });
});

describe('ending all sessions but one', () => {
  it('lets the exempt one go on, on every instance', async () => {
    const user = await signUp(here);
    const second = await signIn(there.api, user.email);
    await endOthers(here, user);
    await expectOver(second);
    await expectLive(user);
  });

  it('ends the exempt one with the next, whoever asks', async () => {
    const user = await signUp(here);
    await endOthers(here, user);
    const fresh = await signIn(here.api, user.email);
    await endOthers(here, fresh);
    await expectOver(user);
    await expectLive(fresh);
  });

  it('keeps it through several, and ends it with everyone’s', async () => {
    let user = await signUp(here);
    await endOthers(here, user);
    await endOthers(here, user);
    user = await expectLive(user);
    const token = admin.accessToken;
    const stop = { filter: { all: true }, reason: 'drill' };
    const { body } = await here.api.post('/admin/sessions/revoke', stop, { token });
    expect(body.revoked).toBeGreaterThan(0);
    await expectOver(user);
    await expectOver(admin);
  });
});
