import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_HEADERS } from '../../../../src/latchkey/oauth/gateways/identity-headers.js';
import { claimsOf, forge } from '../../../builders/access-tokens.js';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import type { Answer } from '../../../support/api-client.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { sendRaw } from '../../../support/raw-http.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let reader: SignedIn;
let caller: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'reader', ['reports:read', 'orders:*']);
  reader = await signUpWithRoles(app, admin, ['reader', 'user']);
  caller = await signUpWithRoles(app, admin, []);
});
afterAll(() => app[Symbol.asyncDispose]());

const verify = (query = '', token?: string) => app.api.get(`/auth/verify${query}`, { token });
const identityOf = ({ headers }: Answer) => IDENTITY_HEADERS.map((name) => headers.get(name));

describe('GET /auth/verify', () => {
  it('says who is calling in five headers and no body, and may not be cached', async () => {
    const answer = await verify('', reader.accessToken);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(identityOf(answer)).toEqual([
      reader.userId,
      reader.sessionId,
      'latchkey',
      'reader,user',
      'orders:*,reports:read',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('sends all five headers even where there is nothing to say', async () => {
    const answer = await verify('', caller.accessToken);
    expect(identityOf(answer)).toEqual([caller.userId, caller.sessionId, 'latchkey', '', '']);
  });

  it('knows a service that calls in its own name', async () => {
    const client = await createClient(app.api, admin, ['reader']);
    const answer = await verify('?roles=reader', await clientToken(app.api, client));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-auth-client')).toBe(client.id);
    expect(answer.headers.get('x-auth-roles')).toBe('reader');
  });

  it('encodes what could divide a list or end a value', async () => {
    const roles = ['a,b', 'c\r\nX-Auth-User: admin', 'ü', '%41'];
    const answer = await verify('', forge(app, { ...claimsOf(caller.accessToken), roles }));
    expect(answer.headers.get('x-auth-user')).toBe(caller.userId);
    const said = answer.headers.get('x-auth-roles')?.split(',') ?? [];
    expect(said.map(decodeURIComponent)).toEqual(roles);
    expect(said.join()).toMatch(/^[\x21-\x7e]+$/);
  });

  it('answers HEAD in the same way', async () => {
    const answer = await app.api.send('HEAD', '/auth/verify', undefined, {
      token: reader.accessToken,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-auth-user')).toBe(reader.userId);
  });

  it.each([
    ['?roles=reader', 200],
    ['?roles=admin,reader', 200],
    ['?roles=admin', 403],
    ['?roles=reade', 403],
    ['?permissions=reports:read', 200],
    ['?permissions=reports:read,orders:write', 200],
    ['?permissions=reports:read,reports:write', 403],
    ['?permissions=*', 403],
    ['?roles=reader&permissions=reports:read', 200],
    ['?roles=reader&permissions=users:read', 403],
    ['?roles=admin&permissions=reports:read', 403],
  ])('%s is %i for a reader', async (query, status) => {
    const answer = await verify(query, reader.accessToken);
    expect(answer.status).toBe(status);
    if (status === 403) {
      expectProblem(answer, 403, 'access.forbidden');
      expect(answer.headers.get('x-auth-error')).toBe('access.forbidden');
    }
    expect(identityOf(answer).some((value) => value !== null)).toBe(status === 200);
  });

  it.each([
    ['?roles=', 'roles'],
    ['?roles=reader,', 'roles'],
    ['?roles=Reader', 'roles'],
    ['?roles=reader&roles=user', 'roles'],
    ['?roles[]=reader', 'roles[]'],
    ['?permissions=', 'permissions'],
    ['?permissions=reports', 'permissions'],
    ['?permissions=reports:read&permissions=orders:read', 'permissions'],
    [`?permissions=${Array(21).fill('a:b').join()}`, 'permissions'],
    ['?role=admin', 'role'],
    ['?permission=reports:read', 'permission'],
  ])('%s is a mistake in the gateway, and opens nothing', async (query, field) => {
    const answer = await verify(query, admin.accessToken);
    expect(refusalOf(answer)).toEqual(invalid(field));
    expect(identityOf(answer)).toEqual(IDENTITY_HEADERS.map(() => null));
  });

  it.each([
    ['no token', () => undefined, 'access.unauthenticated', /^Bearer$/],
    ['a forged token', () => `${caller.accessToken}x`, 'access.token_invalid', /invalid_token/],
    [
      'an expired token',
      () => forge(app, { ...claimsOf(caller.accessToken), exp: 1 }),
      'access.token_expired',
      /invalid_token/,
    ],
  ])('refuses %s: the code in a header too, and a challenge', async (_, token, code, challenge) => {
    const answer = await verify('', token());
    expectProblem(answer, 401, code);
    expect(answer.headers.get('x-auth-error')).toBe(code);
    expect(answer.headers.get('www-authenticate')).toMatch(challenge);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['', '/orders/1'])(
    'refuses two tokens at /auth/verify%s: the service could take the other one',
    async (path) => {
      const tokens = [`Bearer ${caller.accessToken}`, `Bearer ${reader.accessToken}`];
      const answer = await sendRaw(app.origin, `GET /auth/verify${path}`, {
        Authorization: tokens,
      });
      expectProblem(answer, 400, 'request.malformed');
      expect(answer.headers.get('x-auth-error')).toBe('request.malformed');
      expect(identityOf(answer)).toEqual(IDENTITY_HEADERS.map(() => null));
    },
  );

  it('refuses what has been revoked or overtaken, from that moment on', async () => {
    const { accessToken: token } = await signIn(app.api, caller.email);
    await app.api.post('/auth/logout', undefined, { token });
    expect((await verify('', token)).headers.get('x-auth-error')).toBe('access.token_revoked');
    const { userId, accessToken } = await signUp(app);
    await grantRoles(app, admin, userId, ['reader']);
    expect((await verify('', accessToken)).headers.get('x-auth-error')).toBe('access.token_stale');
  });
});

describe('below /auth/verify/, for gateways that append the path', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])(
    '%s is answered by the token alone',
    async (method) => {
      const path = '/auth/verify/orders/1?roles=admin&x=y';
      const options = { token: caller.accessToken };
      const answer = await app.api.send<Answer['body']>(method, path, undefined, options);
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(identityOf(answer)).toEqual([caller.userId, caller.sessionId, 'latchkey', '', '']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const refused = await app.api.send(method, path, undefined);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('x-auth-error')).toBe('access.unauthenticated');
    },
  );
});
