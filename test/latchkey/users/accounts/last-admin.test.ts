import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { repeated, sampled } from '../../../support/test-depth.js';

let stores: Stores;
let app: TestApp;
let elsewhere: TestApp;

beforeAll(async () => {
  stores = await createStores();
  [app, elsewhere] = await Promise.all([TestApp.start({ stores }), TestApp.start({ stores })]);
});
afterAll(async () => {
  await Promise.all([app.stop(), elsewhere.stop()]);
  await stores.drop();
});

const WAYS = {
  demote: (at: TestApp, by: SignedIn, userId: string) =>
    at.api.put(`/admin/users/${userId}/roles`, { roles: ['user'] }, { token: by.accessToken }),
  disable: (at: TestApp, by: SignedIn, userId: string) =>
    at.api.patch(`/admin/users/${userId}`, { status: 'disabled' }, { token: by.accessToken }),
  delete: (at: TestApp, by: SignedIn, userId: string) =>
    at.api.delete(`/admin/users/${userId}`, { token: by.accessToken }),
};
type Way = keyof typeof WAYS;

/** Makes as many admins as wanted; there are no others. */
async function onlyAdmins(count: number): Promise<SignedIn[]> {
  await stores.query(`DELETE FROM user_roles WHERE role_name = 'admin'`);
  return Promise.all(Array.from({ length: count }, () => signUpAdmin(app)));
}

async function activeAdmins(): Promise<string[]> {
  const rows = await stores.query<{ id: string }>(
    `SELECT id FROM users JOIN user_roles ON user_id = id
     WHERE role_name = 'admin' AND status = 'active'`,
  );
  return rows.map(({ id }) => id);
}

describe.each(Object.keys(WAYS) as Way[])('the last active admin: %s', (way) => {
  it('is refused, whatever the case of the id', async () => {
    const [last] = (await onlyAdmins(1)) as [SignedIn];
    for (const id of [last.userId, last.userId.toUpperCase()]) {
      const answer = await WAYS[way](app, last, id);
      expect(refusalOf(answer)).toEqual(refused(409, 'roles.last_admin'));
    }
    expect(await activeAdmins()).toEqual([last.userId]);
    expect((await app.api.get('/auth/me', { token: last.accessToken })).status).toBe(200);
  });

  it('is refused when the only other admin is disabled', async () => {
    const [last, other] = (await onlyAdmins(2)) as [SignedIn, SignedIn];
    await WAYS.disable(app, last, other.userId);
    const answer = await WAYS[way](app, last, last.userId);
    expect(refusalOf(answer)).toEqual(refused(409, 'roles.last_admin'));
  });

  it('is done to one of two, by the other or by themselves', async () => {
    const [admin, other, third] = (await onlyAdmins(3)) as [SignedIn, SignedIn, SignedIn];
    expect((await WAYS[way](app, admin, other.userId)).status).toBeLessThan(300);
    expect((await WAYS[way](app, third, third.userId)).status).toBeLessThan(300);
    expect(await activeAdmins()).toEqual([admin.userId]);
  });
});

/** In quick three of them, in which each way is taken. */
const PAIRS: readonly [Way, Way, number][] = [
  ['demote', 'demote', repeated({ quick: 8, full: 50 })],
  ['disable', 'disable', 10],
  ['delete', 'delete', 10],
  ['demote', 'delete', 10],
  ['disable', 'demote', 10],
];

/** Inside the transaction: one of two holds nothing any more when it comes to them, or is the last. */
const JUDGED = ['roles.escalation', 'roles.last_admin'];

describe('two last admins who turn on each other at once, on two instances', () => {
  it.each(sampled(PAIRS, { oneIn: 2 }))(
    '%s and %s: one of the two is refused, %i times over',
    async (way, otherWay, rounds) => {
      let judgedTogether = 0;
      for (let round = 0; round < rounds; round += 1) {
        const [one, two] = (await onlyAdmins(2)) as [SignedIn, SignedIn];
        const answers = await Promise.all([
          WAYS[way](app, one, two.userId),
          WAYS[otherWay](elsewhere, two, one.userId),
        ]);
        const refusals = answers.filter(({ status }) => status >= 300).map(refusalOf);
        expect(refusals).toHaveLength(1);
        expect(await activeAdmins()).toHaveLength(1);
        // Whoever comes a moment later is stopped by the token already.
        if (JUDGED.includes(refusals[0]?.code ?? '')) judgedTogether += 1;
        else expect(refusals[0]?.status).toBe(401);
      }
      expect(judgedTogether).toBeGreaterThan(0);
    },
  );
});

it('two admins of three who demote each other at once: one of them stays', async () => {
  const [one, two, three] = (await onlyAdmins(3)) as [SignedIn, SignedIn, SignedIn];
  const answers = await Promise.all([
    WAYS.demote(app, one, two.userId),
    WAYS.demote(elsewhere, two, one.userId),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const left = await activeAdmins();
  expect(left).toHaveLength(2);
  expect(left).toContain(three.userId);
});

it('a permission that an admin hands out is no help to whoever lost it meanwhile', async () => {
  const [admin, other] = (await onlyAdmins(2)) as [SignedIn, SignedIn];
  const friend = await signUp(app);
  const promote = () =>
    elsewhere.api.put(
      `/admin/users/${friend.userId}/roles`,
      { roles: ['admin'] },
      { token: other.accessToken },
    );
  const [demoted, promoted] = await Promise.all([WAYS.demote(app, admin, other.userId), promote()]);
  expect(demoted.status).toBe(200);
  // Before the demotion it was theirs to give; after it, it was not.
  expect([200, 401, 403]).toContain(promoted.status);
  const holds = (await activeAdmins()).includes(friend.userId);
  expect(holds).toBe(promoted.status === 200);
  expect((await promote()).status).toBe(401);
  const again = await signIn(elsewhere.api, other.email);
  const retried = await elsewhere.api.put(
    `/admin/users/${friend.userId}/roles`,
    { roles: ['admin'] },
    { token: again.accessToken },
  );
  expect(refusalOf(retried)).toEqual(refused(403, 'access.forbidden'));
});
