import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../../builders/accounts.js';
import { eventually } from '../../../../support/eventually.js';
import { createStores, type Stores } from '../../../../support/stores.js';
import { TestApp } from '../../../../support/test-app.js';
import { repeated } from '../../../../support/test-depth.js';
import { onThisMachine } from '../../../../support/time-limits.js';

const ROUNDS = repeated({ quick: 3, full: 50 });
const ROUNDS_MILLISECONDS = 120_000;

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
afterAll(async () => {
  await Promise.all([here.stop(), there.stop()]);
  await stores.drop();
});

type Tokens = Pick<SignedIn, 'accessToken' | 'refreshToken'>;

/** Whether a session's tokens are good: both, or neither, and the same on every instance. */
async function isLive({ accessToken, refreshToken }: Tokens): Promise<boolean> {
  const refreshed = await here.api.post('/auth/refresh', { refreshToken });
  if (refreshed.status !== 200) expect(refreshed.body.code).toBe('auth.session_revoked');
  const live = refreshed.status === 200;
  for (const app of [here, there]) {
    await eventually(
      async () => {
        const { status } = await app.api.get('/auth/me', { token: accessToken });
        expect(status === 200).toBe(live);
      },
      { within: 5 },
    );
  }
  return live;
}

function endAll(app: TestApp, { userId }: SignedIn) {
  return app.api.delete(`/admin/users/${userId}/sessions`, { token: admin.accessToken });
}

function setStatus({ userId }: SignedIn, status: 'active' | 'disabled') {
  return here.api.patch(`/admin/users/${userId}`, { status }, { token: admin.accessToken });
}

function login(app: TestApp, { email }: SignedIn) {
  return app.api.post('/auth/login', { email, password: PASSWORD, delivery: 'body' });
}

describe('a refresh that is under way', () => {
  it('when all sessions end is refused', async () => {
    const user = await signUp(here);
    const blocker = new pg.Client(stores.databaseUrl);
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE role_definitions IN ACCESS EXCLUSIVE MODE');
    const refreshing = there.api.post('/auth/refresh', { refreshToken: user.refreshToken });
    await eventually(
      async () => {
        const waiting = await stores.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
           AND datname = current_database()`,
        );
        expect(waiting).toHaveLength(1);
      },
      { within: 5 },
    );
    expect((await endAll(here, user)).body).toEqual({ revoked: 1 });
    await blocker.query('COMMIT').finally(() => blocker.end());
    const { status, body } = await refreshing;
    expect([status, body.code]).toEqual([401, 'auth.session_revoked']);
  });
});

describe('at the same moment', () => {
  it(
    'a refresh and the end of all sessions leave no token that is good',
    async () => {
      let user = await signUp(here);
      for (let round = 0; round < ROUNDS; round++) {
        const { refreshToken } = user;
        const [ended, ...refreshed] = await Promise.all([
          endAll(here, user),
          here.api.post('/auth/refresh', { refreshToken }),
          there.api.post('/auth/refresh', { refreshToken }),
        ]);
        expect(ended.body).toEqual({ revoked: 1 });
        expect(await isLive(user)).toBe(false);
        for (const { status, body } of refreshed) {
          if (status === 200) expect(await isLive(body)).toBe(false);
          else expect(body.code).toBe('auth.session_revoked');
        }
        user = await signIn(here.api, user.email);
      }
    },
    onThisMachine(ROUNDS_MILLISECONDS),
  );

  it(
    'a sign-in and the end of all sessions leave it live or over, and everything agrees',
    async () => {
      const user = await signUp(here);
      for (let round = 0; round < ROUNDS; round++) {
        const [signedIn] = await Promise.all([login(there, user), endAll(here, user)]);
        expect(signedIn.status).toBe(200);
        const live = await isLive(signedIn.body);
        const { body } = await here.api.get(`/admin/users/${user.userId}/sessions`, {
          token: admin.accessToken,
        });
        expect(body.items).toHaveLength(live ? 1 : 0);
        expect((await endAll(here, user)).body).toEqual({ revoked: live ? 1 : 0 });
      }
    },
    onThisMachine(ROUNDS_MILLISECONDS),
  );

  it(
    'a sign-in and the disabling of its account leave no live session',
    async () => {
      const user = await signUp(here);
      for (let round = 0; round < ROUNDS; round++) {
        const [signedIn, disabled] = await Promise.all([
          login(there, user),
          setStatus(user, 'disabled'),
        ]);
        expect(disabled.status).toBe(200);
        if (signedIn.status === 200) expect(await isLive(signedIn.body)).toBe(false);
        else expect(signedIn.body.code).toBe('auth.invalid_credentials');
        await setStatus(user, 'active');
      }
    },
    onThisMachine(ROUNDS_MILLISECONDS),
  );

  it(
    'two that end all sessions of a user end each of them once',
    async () => {
      const user = await signUp(here);
      await endAll(here, user);
      for (let round = 0; round < ROUNDS; round++) {
        const sessions = await Promise.all([login(here, user), login(there, user)]);
        const ended = await Promise.all([endAll(here, user), endAll(there, user)]);
        expect(ended.map(({ body }) => body.revoked).sort()).toEqual([0, 2]);
        for (const { body } of sessions) expect(await isLive(body)).toBe(false);
      }
    },
    onThisMachine(ROUNDS_MILLISECONDS),
  );

  it(
    'a change of password keeps no session that is ended beside it',
    async () => {
      const user = await signUp(here);
      for (let round = 0; round < ROUNDS; round++) {
        const kept = await signIn(here.api, user.email);
        const body = { currentPassword: PASSWORD, newPassword: PASSWORD };
        const [changed] = await Promise.all([
          there.api.post('/auth/password/change', body, { token: kept.accessToken }),
          endAll(here, user),
        ]);
        expect([200, 401]).toContain(changed.status);
        expect(await isLive(kept)).toBe(false);
      }
    },
    onThisMachine(ROUNDS_MILLISECONDS),
  );
});
