import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { DOOR_CODE, DoorCodeModule } from './door-code-sign-in.js';

describe('a team’s own way to sign in', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let user: SignedIn;
  beforeAll(async () => {
    app = await startTestApp({ THROTTLING: 'on' }, { module: DoorCodeModule });
    user = await signUp(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const enter = (delivery: string, code = DOOR_CODE) =>
    app.api.post('/door', { email: user.email, code, delivery });

  it('starts a session like any other: guarded routes, refresh and logout know it', async () => {
    const { status, body } = await enter('body');
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sub: user.userId, amr: ['otp'] });
    expect((await app.api.get('/auth/me', { token: body.accessToken })).status).toBe(200);
    const { refreshToken } = body;
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refreshed.body.sessionId).toBe(body.sessionId);
    expect((await app.api.post('/auth/logout', { refreshToken })).status).toBe(204);
    const after = await app.api.get('/auth/me', { token: body.accessToken });
    expect(after.body.code).toBe('access.token_revoked');
  });

  it('can hand the refresh token to a browser, in the cookie alone', async () => {
    const { headers, body } = await enter('cookie');
    expect(headers.getSetCookie()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^__Host-latchkey=lkr_/)]),
    );
    expect(body).not.toHaveProperty('refreshToken');
  });

  it('cannot be used by a foreign site to plant its own session: not by the cookie', async () => {
    const body = { email: user.email, code: DOOR_CODE, delivery: 'cookie' };
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const answer = await app.api.post('/door', body, { headers });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('makes the device one that the account knows', async () => {
    const { headers } = await enter('body');
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-latchkey-device=/)]);
  });

  it('is refused for an account that an admin has disabled', async () => {
    const admin = await signUpAdmin(app);
    const disabled = await signUp(app);
    await app.api.patch(
      `/admin/users/${disabled.userId}`,
      { status: 'disabled' },
      { token: admin.accessToken },
    );
    const answer = await app.api.post('/door', {
      email: disabled.email,
      code: DOOR_CODE,
      delivery: 'body',
    });
    expect([answer.status, answer.body.code]).toEqual([401, 'auth.invalid_credentials']);
  });

  it('gives its own errors, and is described', async () => {
    expect((await enter('body', '0000')).body.code).toBe('auth.invalid_credentials');
    const { paths } = (await app.api.get('/openapi.json')).body;
    expect(paths['/door'].post).toMatchObject({ 'x-public': true, security: [] });
    expect(paths['/door'].post['x-errors']).toContain('auth.invalid_credentials');
  });
});
