import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createRole,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { addTotp, signUpWithTotp } from '../../../builders/totp-accounts.js';
import { mailTo } from '../../../support/dev-mails.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: Awaited<ReturnType<typeof signUpAdmin>>;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const asAdmin = () => ({ token: admin.accessToken });

it('an admin sees which factors an account has, and nothing secret of them', async () => {
  const user = await signUpWithTotp(app);
  const { body } = await app.api.get(`/admin/users/${user.userId}/factors`, asAdmin());
  expect(body.items).toEqual([
    {
      id: user.factorId,
      kind: 'totp',
      name: null,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    },
    expect.objectContaining({ kind: 'recovery_codes', left: 10 }),
  ]);
});

it('an admin removes the factors of an owner who has lost them: the sessions end, and the owner is told', async () => {
  const user = await signUpWithTotp(app);
  const path = `/admin/users/${user.userId}/factors`;
  const removed = await app.api.delete(`${path}?reason=lost%20phone`, asAdmin());
  expect([removed.status, removed.text]).toEqual([204, '']);
  const me = await app.api.get('/auth/me', { token: user.accessToken });
  expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
  expect((await app.api.get(path, asAdmin())).body.items).toEqual([]);
  await signIn(app.api, user.email);
  const { text } = await mailTo(app, user.email, 'factors-reset');
  expect(text).toContain('administrator');
  const events = await storedEvents(app.stores, 'factors.reset');
  expect(events.filter(({ target_id: id }) => id === user.userId)).toEqual([
    expect.objectContaining({
      actor_id: admin.userId,
      reason: 'lost phone',
      details: { kinds: ['totp', 'recovery_codes'] },
    }),
  ]);
});

it('nobody removes the factors of an account that may do more than they', async () => {
  await createRole(app, admin, 'helpdesk', ['users:recover', 'users:read']);
  const helper = await signUpWithRoles(app, admin, ['helpdesk']);
  const chief = await addTotp(app, await signUpAdmin(app));
  const path = `/admin/users/${chief.userId}/factors`;
  const answer = await app.api.delete(path, { token: helper.accessToken });
  expect(refusalOf(answer)).toEqual(refused(403, 'roles.escalation'));
  expect((await app.api.get(path, asAdmin())).body.items).toHaveLength(2);
});

it('the list of accounts shows those with a second factor, or those without', async () => {
  const guarded = await signUpWithTotp(app);
  const bare = await signUp(app);
  const begun = await signUp(app);
  await app.api.post('/auth/factors/totp', undefined, { token: begun.accessToken });
  const listed = async (filter: string) => {
    const path = `/admin/users?limit=100&secondFactor=${filter}`;
    const { body } = await app.api.get<{ items: { id: string }[] }>(path, asAdmin());
    return body.items.map(({ id }) => id);
  };
  const some = await listed('some');
  const none = await listed('none');
  expect([some.includes(guarded.userId), none.includes(guarded.userId)]).toEqual([true, false]);
  for (const { userId } of [bare, begun]) {
    expect([some.includes(userId), none.includes(userId)]).toEqual([false, true]);
  }
});
