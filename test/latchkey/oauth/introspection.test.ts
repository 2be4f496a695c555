import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge } from '../../builders/access-tokens.js';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { type Client, clientToken, createClient, postForm } from '../../builders/clients.js';
import { age, partsOf, rotate, tokenOf } from '../../builders/sessions.js';
import { listKeys } from '../../builders/signing-keys.js';
import { expectOAuthError } from '../../support/expect-oauth-error.js';
import { startTestApp } from '../../support/test-app.js';
import { letTimePass, retryAfterOf, THROTTLED } from '../auth/throttling/guesses.js';

/** More than all other tests here ask. */
const QUOTA = 100;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let client: Client;
beforeAll(async () => {
  app = await startTestApp({
    ...THROTTLED,
    THROTTLE_ADDRESS_REGISTRATIONS: '1000',
    THROTTLE_CLIENT_INTROSPECTIONS: String(QUOTA),
  });
  admin = await signUpAdmin(app);
  client = await createClient(app.api, admin);
});
afterAll(() => app[Symbol.asyncDispose]());

const introspect = (token: string, hint?: string, by = client) =>
  postForm(app.api, '/oauth/introspect', { token, ...(hint && { token_type_hint: hint }) }, by);

/** Nothing else is said, not even how long the answer is. */
async function expectNotLive(token: string, hint?: string): Promise<void> {
  const answer = await introspect(token, hint);
  expect([answer.status, answer.text]).toEqual([200, '{"active":false}']);
}

describe('a live access token', () => {
  it('is active, and all that it says is told', async () => {
    const { accessToken } = await signUp(app);
    const answer = await introspect(accessToken);
    expect(answer.body).toEqual({ active: true, token_type: 'Bearer', ...claimsOf(accessToken) });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is active whatever the hint says', async () => {
    const { accessToken } = await signUp(app);
    for (const hint of ['access_token', 'refresh_token', 'banana']) {
      expect((await introspect(accessToken, hint)).body.active).toBe(true);
    }
  });

  it('is active and a bearer token, whatever its claims say', async () => {
    const { accessToken } = await signUp(app);
    const members = { active: false, token_type: 'refresh_token' };
    const answer = await introspect(forge(app, { ...claimsOf(accessToken), ...members }));
    expect(answer.body).toMatchObject({ active: true, token_type: 'Bearer' });
  });

  it('of a service is active as well', async () => {
    const token = await clientToken(app.api, client);
    expect((await introspect(token)).body).toMatchObject({ active: true, sub: client.id });
  });
});

describe('an access token that a guarded route would refuse is not active, and nothing is told', () => {
  it('when its session has ended', async () => {
    const { accessToken } = await signUp(app);
    await app.api.post('/auth/logout', undefined, { token: accessToken });
    await expectNotLive(accessToken);
  });

  it('when what its user may do has changed', async () => {
    const { accessToken, userId } = await signUp(app);
    await createRole(app, admin, 'changed', []);
    await grantRoles(app, admin, userId, ['changed']);
    await expectNotLive(accessToken);
  });

  it('when what its role permits has changed', async () => {
    await createRole(app, admin, 'repermitted', ['notes:read']);
    const { accessToken } = await signUpWithRoles(app, admin, ['repermitted']);
    await app.api.patch(
      '/admin/roles/repermitted',
      { permissions: [] },
      { token: admin.accessToken },
    );
    await expectNotLive(accessToken);
  });

  it('when its user has been disabled', async () => {
    const { accessToken, refreshToken, userId } = await signUp(app);
    const disabled = { status: 'disabled' };
    await app.api.patch(`/admin/users/${userId}`, disabled, { token: admin.accessToken });
    await expectNotLive(accessToken);
    await expectNotLive(refreshToken, 'refresh_token');
  });

  it.each([
    ['has expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['is of another issuer', { iss: 'https://evil.example' }],
    ['is for another audience', { aud: 'somebody else' }],
    ['is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ['names no session', { sid: undefined }],
  ])('when it %s', async (_, members) => {
    const { accessToken } = await signUp(app);
    await expectNotLive(forge(app, { ...claimsOf(accessToken), ...members }));
  });

  it('when it has been tampered with, cut off or is none', async () => {
    const { accessToken } = await signUp(app);
    const [head = '', payload = '', signature = ''] = accessToken.split('.');
    const claims = Buffer.from(JSON.stringify({ ...claimsOf(accessToken), roles: ['admin'] }));
    for (const token of [
      `${head}.${claims.toString('base64url')}.${signature}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${accessToken}=`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
      'x',
      '0',
      'null',
    ]) {
      await expectNotLive(token);
    }
  });
});

describe('a refresh token', () => {
  it('is never active for a service that asks what it may let in', async () => {
    const { refreshToken } = await signUp(app);
    await expectNotLive(refreshToken);
    await expectNotLive(refreshToken, 'access_token');
  });

  it('is told of when it is said to be one, and is no bearer token then', async () => {
    const { refreshToken, sessionId, userId } = await signUp(app);
    const { body } = await introspect(refreshToken, 'refresh_token');
    expect(body).toMatchObject({
      active: true,
      sub: userId,
      sid: sessionId,
      client_id: 'latchkey',
    });
    expect(body).not.toHaveProperty('token_type');
    expect(body.exp).toBeGreaterThan(Date.now() / 1000 + 600_000);
  });

  it('that was replaced long ago is not active, and asking about it ends nothing', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    const [, current = ''] = await rotate(app.api, refreshToken, 2);
    await age(app.stores, sessionId, 60);
    await expectNotLive(refreshToken, 'refresh_token');
    expect((await introspect(current, 'refresh_token')).body.active).toBe(true);
  });

  it('that is forged is not active, and changes nothing', async () => {
    const { refreshToken } = await signUp(app);
    const parts = partsOf(refreshToken);
    await expectNotLive(tokenOf({ ...parts, mac: Buffer.alloc(32) }), 'refresh_token');
    expect((await introspect(refreshToken, 'refresh_token')).body.active).toBe(true);
  });

  it('of a session that has ended or expired is not active', async () => {
    const ended = await signUp(app);
    await app.api.post('/auth/logout', { refreshToken: ended.refreshToken });
    await expectNotLive(ended.refreshToken, 'refresh_token');
    const expired = await signUp(app);
    await age(app.stores, expired.sessionId, 8 * 86_400);
    await expectNotLive(expired.refreshToken, 'refresh_token');
  });
});

describe('the endpoint', () => {
  it('needs a token to judge', async () => {
    const answer = await postForm(app.api, '/oauth/introspect', {}, client);
    expectOAuthError(answer, 400, 'invalid_request');
  });

  it('says where a client stands, and refuses what is more than it may ask', async () => {
    const [eager, calm] = [await createClient(app.api, admin), await createClient(app.api, admin)];
    const ask = (by: Client) => introspect('x', undefined, by);
    const first = await ask(eager);
    expect(first.headers.get('ratelimit')).toBe(`"introspection-client";r=${QUOTA - 1};t=60`);
    const answers = [];
    while (answers.length < QUOTA) answers.push(await ask(eager));
    expect(answers.map(({ status }) => status)).toEqual([...Array(QUOTA - 1).fill(200), 429]);
    const [refused] = answers.slice(-1);
    if (refused === undefined) throw new Error('Nothing was asked.');
    expectOAuthError(refused, 429, 'temporarily_unavailable');
    expect(retryAfterOf(refused)).toBeGreaterThan(0);
    expect((await ask(calm)).status).toBe(200);
    await letTimePass(app.stores, 60);
    expect((await ask(eager)).status).toBe(200);
  });

  it('no longer calls a token active whose key has been revoked', async () => {
    const { accessToken } = await signUp(app);
    const [, current] = await listKeys(app.api, admin);
    await app.api.post(`/admin/keys/${current?.kid}/revoke`, {}, { token: admin.accessToken });
    await expectNotLive(accessToken);
  });
});
