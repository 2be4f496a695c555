import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../builders/access-tokens.js';
import { createRole, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { type Client, clientToken, createClient, postForm } from '../../builders/clients.js';
import { age, rotate } from '../../builders/sessions.js';
import { expectOAuthError } from '../../support/expect-oauth-error.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let client: Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'auditor', ['audit:read', 'users:read']);
  client = await createClient(app.api, admin, ['auditor']);
});
afterAll(() => app[Symbol.asyncDispose]());

const ask = (form: Record<string, string>, by?: Client) =>
  postForm(app.api, '/oauth/token', form, by);
const refreshAs = (refreshToken: string, extra = {}, by?: Client) =>
  ask({ grant_type: 'refresh_token', refresh_token: refreshToken, ...extra }, by);

describe('client_credentials', () => {
  it('gives an access token with the roles of the client, and no refresh token', async () => {
    const answer = await ask({ grant_type: 'client_credentials' }, client);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    const { access_token: token, ...rest } = answer.body;
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900 });
    expect(claimsOf(token)).toMatchObject({
      iss: ISSUER,
      sub: client.id,
      client_id: client.id,
      roles: ['auditor'],
      permissions: ['audit:read', 'users:read'],
      amr: [],
    });
  });

  it('lets the client do what its roles permit, and nothing else', async () => {
    const token = await clientToken(app.api, client);
    expect((await app.api.get('/admin/users', { token })).status).toBe(200);
    const forbidden = await app.api.get('/admin/roles', { token });
    expect(refusalOf(forbidden)).toEqual(refused(403, 'access.forbidden'));
    const me = await app.api.get('/auth/me', { token });
    expect(me.body).toMatchObject({ userId: client.id, roles: ['auditor'] });
  });

  it('makes no user of the client: what belongs to users is not there for it', async () => {
    const token = await clientToken(app.api, client);
    const profile = await app.api.get('/users/me', { token });
    expect(refusalOf(profile)).toEqual(refused(404, 'users.not_found'));
    expect((await app.api.get('/auth/sessions', { token })).body.items).toEqual([]);
    for (const path of ['/auth/logout', '/auth/logout-all']) {
      const logout = await app.api.post(path, undefined, { token });
      expect([path, refusalOf(logout)]).toEqual([path, refused(403, 'access.forbidden')]);
    }
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
  });

  it('is named in the audit trail by what it does', async () => {
    const writer = await createClient(app.api, admin, ['admin']);
    const token = await clientToken(app.api, writer);
    const { userId } = await signUp(app);
    const done = await app.api.patch(`/admin/users/${userId}`, { status: 'disabled' }, { token });
    expect(done.status).toBe(200);
    const events = await app.api.get(`/admin/audit-events?actorId=${writer.id}`, {
      token: admin.accessToken,
    });
    const actions = events.body.items.map(({ action }: { action: string }) => action);
    expect(actions).toContain('user.disabled');
  });
});

describe('refresh_token', () => {
  it('continues a session as /auth/refresh does, for a client that has no secret', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    const answer = await refreshAs(refreshToken, { client_id: 'latchkey' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('pragma')).toBe('no-cache');
    const { access_token: token, refresh_token: next, ...rest } = answer.body;
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900 });
    expect(next).not.toBe(refreshToken);
    expect(claimsOf(token)).toMatchObject({ sid: sessionId, client_id: 'latchkey' });
    expect(answer.headers.getSetCookie()).toEqual([]);
    const again = await refreshAs(next);
    expect(again.status).toBe(200);
  });

  it('gives fifty at once the same successor', async () => {
    const { refreshToken } = await signUp(app);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refreshAs(refreshToken)));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
  });

  it('ends the session when a token comes back that was replaced long ago', async () => {
    const { refreshToken, sessionId, accessToken } = await signUp(app);
    const [, last = ''] = await rotate(app.api, refreshToken, 2);
    await age(app.stores, sessionId, 60);
    const reused = await refreshAs(refreshToken);
    expectOAuthError(reused, 400, 'invalid_grant');
    expect(reused.body.code).toBe('auth.refresh_reused');
    const after = await refreshAs(last);
    expectOAuthError(after, 400, 'invalid_grant');
    expect(after.body.code).toBe('auth.session_revoked');
    expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(401);
  });

  it('is not for a client that the token was not issued to: nothing is rotated', async () => {
    const { refreshToken } = await signUp(app);
    expectOAuthError(await refreshAs(refreshToken, {}, client), 400, 'unauthorized_client');
    const unknown = await refreshAs(refreshToken, { client_id: client.id });
    expectOAuthError(unknown, 401, 'invalid_client');
    const wrong = await refreshAs(refreshToken, {}, { ...client, secret: 'lks_x' });
    expectOAuthError(wrong, 401, 'invalid_client');
    const [current] = await app.stores.query<{ generation: number }>(
      'SELECT generation FROM sessions WHERE id = $1',
      [claimsOf((await refreshAs(refreshToken)).body.access_token).sid],
    );
    expect(current).toEqual({ generation: 1 });
  });

  it.each([
    ['a forged token', `lkr_${'A'.repeat(70)}`],
    ['an access token', 'eyJhbGciOiJub25lIn0.e30.x'],
    ['words', 'please'],
  ])('refuses %s', async (_, token) => {
    expectOAuthError(await refreshAs(token), 400, 'invalid_grant');
  });

  it('refuses none at all', async () => {
    expectOAuthError(await ask({ grant_type: 'refresh_token' }), 400, 'invalid_request');
    expectOAuthError(await refreshAs(''), 400, 'invalid_request');
  });
});

describe('other grants', () => {
  it.each(['password', 'authorization_code', 'Client_Credentials', 'x'])(
    'there is no %s',
    async (grantType) => {
      const form = { grant_type: grantType, username: 'a', password: 'b' };
      expectOAuthError(await ask(form, client), 400, 'unsupported_grant_type');
    },
  );

  it('must be named', async () => {
    expectOAuthError(await ask({}, client), 400, 'invalid_request');
    expectOAuthError(await ask({ grant_type: '' }, client), 400, 'invalid_request');
    expectOAuthError(await app.api.post('/oauth/token'), 400, 'invalid_request');
  });

  it('give no scopes: there are none', async () => {
    const form = { grant_type: 'client_credentials', scope: 'admin' };
    expectOAuthError(await ask(form, client), 400, 'invalid_scope');
  });
});

describe('what is asked narrower is never answered broader (RFC 8707 section 2)', () => {
  const askFor = (resources: readonly string[], more: Record<string, string> = {}) => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...more });
    for (const resource of resources) form.append('resource', resource);
    return app.api.post('/oauth/token', form.toString(), {
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
      },
    });
  };

  it.each([
    ['an unknown resource', ['https://billing.example.com']],
    ['one beside the known one', ['latchkey', 'https://billing.example.com']],
    ['the known one in capitals', ['Latchkey']],
  ])('%s is invalid_target', async (_, resources) => {
    expectOAuthError(await askFor(resources), 400, 'invalid_target');
  });

  it('of a refresh, too: nothing is rotated', async () => {
    const { refreshToken } = await signUp(app);
    const narrowed = await refreshAs(refreshToken, { resource: 'https://billing.example.com' });
    expectOAuthError(narrowed, 400, 'invalid_target');
    const { body } = await refreshAs(refreshToken);
    const [session] = await app.stores.query<{ generation: number }>(
      'SELECT generation FROM sessions WHERE id = $1',
      [claimsOf(body.access_token).sid],
    );
    expect(session).toEqual({ generation: 1 });
  });

  it('the audience of its tokens is a resource that it knows, said once or twice', async () => {
    for (const resources of [['latchkey'], ['latchkey', 'latchkey'], ['']]) {
      const { status, body } = await askFor(resources);
      expect([status, claimsOf(body.access_token).aud]).toEqual([200, 'latchkey']);
    }
  });
});

it('an emergency stop ends the tokens of services, too; they may ask for others', async () => {
  const token = await clientToken(app.api, client);
  const stop = { filter: { all: true }, reason: 'a drill' };
  await app.api.post('/admin/sessions/revoke', stop, { token: admin.accessToken });
  const after = await app.api.get('/auth/me', { token });
  expect(refusalOf(after)).toEqual(refused(401, 'access.token_revoked'));
  const next = await clientToken(app.api, client);
  expect((await app.api.get('/auth/me', { token: next })).status).toBe(200);
});

it('a service may ask for tokens after an emergency stop although the clock has been set back', async () => {
  const anHourAhead = uuidv7({ msecs: Date.now() + 3_600_000 });
  const { sessionId, email } = await signUp(app);
  await app.stores.query('UPDATE sessions SET id = $1 WHERE id = $2', [anHourAhead, sessionId]);
  admin = await signIn(app.api, admin.email);
  const stop = { filter: { all: true }, reason: 'a drill' };
  await app.api.post('/admin/sessions/revoke', stop, { token: admin.accessToken });
  const tokens = [await clientToken(app.api, client), await clientToken(app.api, client)];
  for (const token of [...tokens, (await signIn(app.api, email)).accessToken]) {
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
  }
});
