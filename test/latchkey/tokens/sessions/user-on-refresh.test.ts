import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { findSession, refresh } from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

describe('a refresh looks at the user again', () => {
  let app: TestApp & AsyncDisposable;
  let admin: SignedIn;
  beforeAll(async () => {
    app = await startTestApp();
    admin = await signUpAdmin(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('carries the roles and permissions of now', async () => {
    await createRole(app, admin, 'librarian', ['books:read', 'books:write']);
    const { userId, refreshToken } = await signUp(app);
    await grantRoles(app, admin, userId, ['librarian']);

    const { body } = await refresh(app.api, refreshToken);

    const me = await app.api.get('/auth/me', { token: body.accessToken });
    expect(me.body).toMatchObject({
      roles: ['librarian'],
      permissions: ['books:read', 'books:write'],
    });
    expect(body.user.roles).toEqual(['librarian']);
  });

  it('carries the present name of the user', async () => {
    const { accessToken, refreshToken } = await signUp(app);
    await app.api.patch('/users/me', { name: 'Grace Hopper' }, { token: accessToken });

    expect((await refresh(app.api, refreshToken)).body.user.name).toBe('Grace Hopper');
  });

  // By SQL: whatever disables an account without ending its sessions must not keep them alive.
  it('refuses a user who has been disabled behind its back, and ends the session', async () => {
    const { userId, sessionId, accessToken, refreshToken } = await signUp(app);
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [userId]);

    expect(await refresh(app.api, refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'auth.session_revoked' },
    });

    expect(await findSession(app.stores, sessionId)).toMatchObject({ endReason: 'user_disabled' });
    expect(await app.api.get('/auth/me', { token: accessToken })).toMatchObject({
      status: 401,
      body: { code: 'access.token_revoked' },
    });
    await app.stores.query(`UPDATE users SET status = 'active' WHERE id = $1`, [userId]);
    expect((await refresh(app.api, refreshToken)).body.code).toBe('auth.session_revoked');
  });

  it('refuses a user who has been deleted behind its back', async () => {
    const { userId, refreshToken } = await signUp(app);
    await app.stores.query('DELETE FROM users WHERE id = $1', [userId]);

    expect(await refresh(app.api, refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'auth.refresh_invalid' },
    });
  });
});
