import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp } from '../../../builders/accounts.js';
import { age, refresh } from '../../../builders/sessions.js';
import { addTotp, signInWithTotp, signUpWithTotp } from '../../../builders/totp-accounts.js';
import { mailTo } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';

const NOT_FRESH = refused(401, 'auth.fresh_sign_in_required');

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const list = async (token: string) => (await app.api.get('/auth/factors', { token })).body.items;

describe('an owner', () => {
  it('sees and names a factor, and nothing secret of it', async () => {
    const user = await signUpWithTotp(app);
    const { accessToken: token } = await signInWithTotp(app, user);
    const [factor, codes] = await list(token);
    expect(factor).toEqual({
      id: user.factorId,
      kind: 'totp',
      name: null,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    expect(codes).toMatchObject({ kind: 'recovery_codes', left: 10 });
    const path = `/auth/factors/${user.factorId}`;
    const renamed = await app.api.patch(path, { name: 'My phone' }, { token });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'My phone']);
    expect((await list(token))[0].name).toBe('My phone');
    const unnamed = await app.api.patch(path, { name: null }, { token });
    expect(unnamed.body.name).toBeNull();
  });

  it('removes it: the sessions that it raised fall back at once everywhere, and none ends', async () => {
    const other = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
    const user = await signUpWithTotp(app);
    const { accessToken: token } = await signInWithTotp(app, user);
    const raised = await signInWithTotp(other, user);
    const path = `/auth/factors/${user.factorId}`;
    expect((await app.api.delete(path, { token })).status).toBe(204);
    await eventually(
      async () => {
        const stale = await other.api.get('/auth/me', { token: raised.accessToken });
        expect(refusalOf(stale)).toEqual(refused(401, 'access.token_stale'));
      },
      { within: 1 },
    );
    const { body } = await refresh(other.api, raised.refreshToken);
    expect(decodeJwt(body.accessToken)).toMatchObject({ acr: 'aal1', sid: raised.sessionId });
    expect(await list(body.accessToken)).toEqual([]);
    await signIn(app.api, user.email);
    await other.stop();

    expect((await mailTo(app, user.email, 'factor-removed')).text).toContain('second factor');
    const events = await storedEvents(app.stores, 'factor.removed');
    expect(events.filter(({ target_id: id }) => id === user.userId)).toEqual([
      expect.objectContaining({ details: { kind: 'totp', factorId: user.factorId } }),
    ]);
  });

  it('removes one of two apps: the other one is asked for, and the codes stay', async () => {
    const first = await signUpWithTotp(app);
    const session = await signInWithTotp(app, first);
    const second = await addTotp(app, session);
    expect(second.recoveryCodes).toEqual([]);
    const { accessToken: token } = await signInWithTotp(app, {
      ...second,
      ...session,
      code: second.code,
    });
    expect((await app.api.delete(`/auth/factors/${first.factorId}`, { token })).status).toBe(204);
    const again = await signInWithTotp(app, second);
    expect((await list(again.accessToken)).map(({ kind }: { kind: string }) => kind)).toEqual([
      'recovery_codes',
      'totp',
    ]);
  });
});

describe('a stolen access token or password', () => {
  const changes = (id: string) =>
    [
      ['post', '/auth/factors/totp', undefined],
      ['post', `/auth/factors/totp/${id}/confirm`, { code: '123456' }],
      ['post', '/auth/factors/recovery-codes', undefined],
      ['patch', `/auth/factors/${id}`, { name: 'mine' }],
      ['delete', `/auth/factors/${id}`, undefined],
    ] as const;

  it('changes no factor where the sign-in is not fresh', async () => {
    const user = await signUpWithTotp(app);
    const session = await signInWithTotp(app, user);
    await age(app.stores, session.sessionId, 601);
    const { body } = await refresh(app.api, session.refreshToken);
    const options = { token: body.accessToken as string };
    for (const [method, path, sent] of changes(user.factorId)) {
      const answer =
        method === 'delete'
          ? await app.api.delete(path, options)
          : await app.api[method](path, sent, options);
      expect(refusalOf(answer)).toEqual(NOT_FRESH);
    }
  });

  it('changes none in a session by the password alone, however fresh', async () => {
    const user = await signUp(app);
    const older = await signIn(app.api, user.email);
    const { factorId } = await addTotp(app, user);
    const stepUp = { method: 'password', password: PASSWORD };
    const { body } = await app.api.post('/auth/step-up', stepUp, { token: older.accessToken });
    const options = { token: body.accessToken as string };
    for (const [method, path, sent] of changes(factorId)) {
      const answer =
        method === 'delete'
          ? await app.api.delete(path, options)
          : await app.api[method](path, sent, options);
      expect(refusalOf(answer)).toEqual(NOT_FRESH);
    }
  });
});

it('a factor of somebody else is none of the caller’s', async () => {
  const user = await signUpWithTotp(app);
  const { accessToken: token } = await signUp(app);
  const path = `/auth/factors/${user.factorId}`;
  const none = refused(404, 'factors.not_found');
  expect(refusalOf(await app.api.patch(path, { name: 'mine' }, { token }))).toEqual(none);
  expect(refusalOf(await app.api.delete(path, { token }))).toEqual(none);
  await signInWithTotp(app, user);
});
