import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRole, signUp, signUpAdmin, signUpWithRoles } from '../builders/accounts.js';
import { refresh } from '../builders/sessions.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the two kinds of token', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('does not accept a refresh token as an access token', async () => {
    const { refreshToken } = await signUp(app);

    expect(await app.api.get('/auth/me', { token: refreshToken })).toMatchObject({
      status: 401,
      body: { code: 'access.token_invalid' },
    });
    expect((await refresh(app.api, refreshToken)).status).toBe(200);
  });

  it.each([0, 100])(
    'does not accept an access token with %i permissions as a refresh token',
    async (count) => {
      const admin = await signUpAdmin(app);
      const permissions = Array.from({ length: count }, (_, index) => `books:action-${index}`);
      await createRole(app, admin, `role-${count}`, permissions);
      const { accessToken, refreshToken } = await signUpWithRoles(app, admin, [`role-${count}`]);

      expect(await refresh(app.api, accessToken)).toMatchObject({
        status: 401,
        body: { code: 'auth.refresh_invalid' },
      });
      expect((await refresh(app.api, refreshToken)).status).toBe(200);
    },
  );
});
