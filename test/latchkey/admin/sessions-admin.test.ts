import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let as: { token: string };

beforeAll(async () => {
  app = await startTestApp();
  as = { token: (await signUpAdmin(app)).accessToken };
});
afterAll(() => app[Symbol.asyncDispose]());

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const list = async (userId: string): Promise<{ id: string }[]> =>
  (await app.api.get(`/admin/users/${userId}/sessions`, as)).body.items;
const endAll = (userId: string) => app.api.delete(`/admin/users/${userId}/sessions`, as);
const endOne = (sessionId: string) => app.api.delete(`/admin/sessions/${sessionId}`, as);
const meOf = ({ accessToken }: SignedIn) => app.api.get('/auth/me', { token: accessToken });

it('an admin sees the live sessions of a user, without anything to use them by', async () => {
  const user = await signUp(app);
  const second = await signIn(app.api, user.email);
  const { status, body } = await app.api.get(`/admin/users/${user.userId}/sessions`, as);
  expect(status).toBe(200);
  expect(body).toEqual({
    items: [second, user].map(({ sessionId, userId }) => ({
      id: sessionId,
      userId,
      createdAt: INSTANT,
      lastUsedAt: INSTANT,
      expiresAt: INSTANT,
      ip: '127.0.0.1',
      userAgent: 'node',
      acr: 'aal1',
      amr: ['pwd'],
      authTime: INSTANT,
      clientId: null,
    })),
    nextCursor: null,
  });
  await endOne(second.sessionId);
  expect((await list(user.userId)).map(({ id }) => id)).toEqual([user.sessionId]);
});

it('an admin ends one session, and no other', async () => {
  const user = await signUp(app);
  const second = await signIn(app.api, user.email);
  const ended = await endOne(second.sessionId.toUpperCase());
  expect([ended.status, ended.text]).toEqual([204, '']);
  expect(refusalOf(await meOf(second))).toEqual(refused(401, 'access.token_revoked'));
  const { refreshToken } = second;
  const refresh = await app.api.post('/auth/refresh', { refreshToken });
  expect(refusalOf(refresh)).toEqual(refused(401, 'auth.session_revoked'));
  expect((await meOf(user)).status).toBe(200);
  expect(refusalOf(await endOne(second.sessionId))).toEqual(refused(404, 'sessions.not_found'));
});

it('an admin ends every session of a user, and nobody else’s', async () => {
  const user = await signUp(app);
  const second = await signIn(app.api, user.email);
  const stranger = await signUp(app);
  expect(await endAll(user.userId)).toMatchObject({ status: 200, body: { revoked: 2 } });
  for (const session of [user, second]) {
    expect(refusalOf(await meOf(session))).toEqual(refused(401, 'access.token_revoked'));
  }
  expect((await meOf(stranger)).status).toBe(200);
  expect(await list(user.userId)).toEqual([]);
  expect((await endAll(user.userId)).body).toEqual({ revoked: 0 });
  await signIn(app.api, user.email);
  expect(await list(user.userId)).toHaveLength(1);
});

describe('what is not there', () => {
  it('has no sessions to list or end', async () => {
    expect(await list(uuidv7())).toEqual([]);
    expect((await endAll(uuidv7())).body).toEqual({ revoked: 0 });
    expect(refusalOf(await endOne(uuidv7()))).toEqual(refused(404, 'sessions.not_found'));
  });

  it.each(['all', '*', '1', "' OR '1'='1", '%00'])('cannot be named %s', async (id) => {
    const answers = [
      await app.api.get(`/admin/users/${id}/sessions`, as),
      await endAll(id),
      await endOne(id),
    ];
    for (const answer of answers) expect(refusalOf(answer)).toEqual(invalid('id'));
  });
});
