import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let user: SignedIn;
/** May give roles away, and holds these two. */
let editor: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'editor', ['notes:*', 'roles:assign']);
  await createRole(app, admin, 'reader', ['notes:read']);
  await createRole(app, admin, 'biller', ['bills:read']);
  await createRole(app, admin, 'moderator', []);
  await createRole(app, admin, 'sub-editor', ['notes:write']);
  editor = await signUpWithRoles(app, admin, ['editor', 'reader', 'user']);
  user = await signUp(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const assign = (by: SignedIn, userId: string, roles: unknown) =>
  app.api.put(`/admin/users/${userId}/roles`, { roles }, { token: by.accessToken });
const rolesOf = async ({ userId }: SignedIn): Promise<string[]> => {
  const { body } = await app.api.get(`/admin/users/${userId}`, { token: admin.accessToken });
  return body.roles;
};

describe('assigning roles', () => {
  it('makes them the roles of the account: those not named are taken away', async () => {
    const { userId } = await signUp(app);
    const given = await assign(admin, userId, ['reader', 'biller', 'reader']);
    expect(given).toMatchObject({ status: 200, body: { id: userId, roles: ['biller', 'reader'] } });
    expect(await assign(admin, userId, [])).toMatchObject({ status: 200, body: { roles: [] } });
  });

  it.each([
    ['no such role', ['user', 'nobody'], 'roles'],
    ['what is no name', ['Admin'], 'roles'],
    ['SQL', ["user'; DROP TABLE roles; --"], 'roles'],
    ['a NUL', ['us\0er'], 'roles'],
    ['a number', [7], 'roles'],
    ['a list of lists', [['user']], 'roles'],
    ['null in the list', [null], 'roles'],
    ['a text', 'user', 'roles'],
    ['an object', { 0: 'user' }, 'roles'],
    ['null', null, 'roles'],
    ['101 of them', Array(101).fill('user'), 'roles'],
  ])('refuses %s', async (_, roles, field) => {
    const before = await rolesOf(user);
    expect(refusalOf(await assign(admin, user.userId, roles))).toEqual(invalid(field));
    expect(await rolesOf(user)).toEqual(before);
  });

  it('refuses what it does not know', async () => {
    const path = `/admin/users/${user.userId}/roles`;
    const body = { roles: ['user'], permissions: ['*'] };
    const answer = await app.api.put(path, body, { token: admin.accessToken });
    expect(refusalOf(answer)).toEqual(invalid('permissions'));
  });
});

describe('nobody gives away or takes away what they do not hold', () => {
  it.each([
    { start: ['user'], wanted: ['user', 'reader'], does: 'gives a role that they hold' },
    { start: ['user'], wanted: ['editor'], does: 'gives it and takes the common one' },
    { start: ['reader'], wanted: [], does: 'takes a role that they hold' },
    { start: [], wanted: ['user'], does: 'gives the role of every account' },
  ])('an editor $does', async ({ start, wanted }) => {
    const other = await signUpWithRoles(app, admin, start);
    const answer = await assign(editor, other.userId, wanted);
    expect([answer.status, answer.body.roles]).toEqual([200, wanted.sort()]);
  });

  it.each([
    { start: ['user'], wanted: ['admin'], does: 'make an admin' },
    { start: ['user'], wanted: ['user', 'biller'], does: 'give a role of other permissions' },
    { start: ['user'], wanted: ['reader', 'biller'], does: 'give one of two' },
    { start: ['user'], wanted: ['moderator'], does: 'give a role without permissions' },
    { start: ['user'], wanted: ['sub-editor'], does: 'give another name of what they may' },
    { start: ['sub-editor'], wanted: [], does: 'take it' },
    {
      start: ['biller'],
      wanted: ['biller', 'user'],
      does: 'give anything to who may what they may not',
    },
    { start: ['biller'], wanted: [], does: 'take a role of other permissions' },
    { start: ['admin'], wanted: ['user'], does: 'demote an admin' },
  ])('an editor cannot $does', async ({ start, wanted }) => {
    const other = await signUpWithRoles(app, admin, start);
    const answer = await assign(editor, other.userId, wanted);
    expect(refusalOf(answer)).toEqual(refused(403, 'roles.escalation'));
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    expect(await rolesOf(other)).toEqual(start);
  });

  it('nor promote themselves', async () => {
    const answer = await assign(editor, editor.userId, ['admin', 'editor', 'user']);
    expect(refusalOf(answer)).toEqual(refused(403, 'roles.escalation'));
  });

  it('the database says what somebody holds, whatever their token says', async () => {
    const former = await signUpAdmin(app);
    // As when the revocation has not reached this instance yet: the token still opens the route.
    await app.stores.query('DELETE FROM user_roles WHERE user_id = $1', [former.userId]);
    const answer = await assign(former, user.userId, ['admin']);
    expect(refusalOf(answer)).toEqual(refused(403, 'roles.escalation'));
    expect(await rolesOf(user)).not.toContain('admin');
  });

  it('and a caller who is disabled holds nothing', async () => {
    const former = await signUpAdmin(app);
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [former.userId]);
    const answer = await assign(former, user.userId, ['admin']);
    expect(refusalOf(answer)).toEqual(refused(403, 'roles.escalation'));
  });
});
