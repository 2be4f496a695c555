/** What an administrator does by accident: a role too large for the access tokens of its holders. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../src/latchkey/audit/actor.js';
import { ChangeRole } from '../../../src/latchkey/roles/change-role.js';
import { claimsOf } from '../../builders/access-tokens.js';
import {
  createRole,
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { clientToken, createClient } from '../../builders/clients.js';
import { refresh } from '../../builders/sessions.js';
import { showFactors } from '../../builders/shown-factors.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';

const TOO_LARGE = refused(409, 'roles.too_large');
const MAX_TOKEN_BYTES = 4096;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let roles = 0;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** So many permissions of 43 characters, no two alike. */
function permissions(count: number, of = 'a'): string[] {
  return Array.from({ length: count }, (_, index) =>
    `${of.repeat(20)}:action-${String(index).padStart(15, '0')}`.padEnd(43, 'x'),
  );
}

const as = ({ accessToken: token }: SignedIn) => ({ token });
const change = (name: string, wanted: string[]) =>
  app.api.patch(`/admin/roles/${name}`, { permissions: wanted }, as(admin));
const assign = (userId: string, wanted: string[]) =>
  app.api.put(`/admin/users/${userId}/roles`, { roles: wanted }, as(admin));

async function newRole(wanted: string[] = []): Promise<string> {
  roles += 1;
  const name = `sized-${roles}`;
  await createRole(app, admin, name, wanted);
  return name;
}

describe('what does not fit into an access token is refused when it is', () => {
  it('made', async () => {
    const body = { name: 'large', permissions: permissions(100) };
    const answer = await app.api.post('/admin/roles', body, as(admin));
    expect(refusalOf(answer)).toEqual(TOO_LARGE);
    expect(answer.body.detail).toMatch(/large could have \d{4} bytes, more than 4096: 100 perm/);
  });

  it('added to the role of every account, which then stays as it was', async () => {
    const answer = await change('user', permissions(100));
    expect(refusalOf(answer)).toEqual(TOO_LARGE);
    const { userId, accessToken } = await signUp(app);
    expect((await app.api.get('/users/me', { token: accessToken })).body.id).toBe(userId);
  });

  it('added to a role beside what one of its holders has: the worst counts', async () => {
    const [grown, first, second] = [await newRole(), await newRole(), await newRole()];
    await change(first, permissions(15, 'b'));
    await change(second, permissions(35, 'c'));
    await signUpWithRoles(app, admin, [grown, first]);
    const worst = await signUpWithRoles(app, admin, [grown, second]);
    await signUpWithRoles(app, admin, [grown]);
    expect((await change(grown, permissions(5))).status).toBe(200);
    const answer = await change(grown, permissions(30));
    expect(refusalOf(answer)).toEqual(TOO_LARGE);
    expect(answer.body.detail).toContain(`${grown}, ${second} could have`);
    expect(claimedBy(await signIn(app.api, worst.email))).toBe(40);

    await assign(worst.userId, [grown]);
    expect((await change(grown, permissions(30))).status).toBe(200);
  });

  it('added to a role that a service holds', async () => {
    const [grown, besides] = [await newRole(), await newRole(permissions(35, 'd'))];
    await createClient(app.api, admin, [grown, besides]);
    expect(refusalOf(await change(grown, permissions(30)))).toEqual(TOO_LARGE);
  });

  it('given, to a user or a service', async () => {
    const both = [await newRole(permissions(30, 'e')), await newRole(permissions(30, 'f'))];
    const { userId } = await signUp(app);
    expect(refusalOf(await assign(userId, both))).toEqual(TOO_LARGE);
    const made = await app.api.post('/admin/clients', { name: 'x', roles: both }, as(admin));
    expect(refusalOf(made)).toEqual(TOO_LARGE);
    const { id } = await createClient(app.api, admin, both.slice(1));
    const changed = await app.api.patch(`/admin/clients/${id}`, { roles: both }, as(admin));
    expect(refusalOf(changed)).toEqual(TOO_LARGE);
  });

  it('given and grown at once: one of the two is refused', async () => {
    for (let round = 0; round < repeated({ quick: 2, full: 5 }); round += 1) {
      const [grown, besides] = [await newRole(), await newRole(permissions(35, 'g'))];
      const { userId } = await signUp(app);
      const statuses = await Promise.all([
        change(grown, permissions(30)).then(({ status }) => status),
        assign(userId, [grown, besides]).then(({ status }) => status),
      ]);
      expect(statuses.sort()).toEqual([200, 409]);
    }
  });
});

it('the largest that is let through fits into the token of who holds it, by every algorithm', async () => {
  const name = await newRole();
  let count = 30;
  while ((await change(name, permissions(count + 1))).status === 200) count += 1;
  const holder = await signUpWithRoles(app, admin, [name]);
  expect(claimedBy(holder)).toBe(count);
  const service = await clientToken(app.api, await createClient(app.api, admin, [name]));
  for (const token of [holder.accessToken, service]) {
    expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_BYTES);
    // What is kept free is what a signature by RSA would take, and little else.
    expect(token.length).toBeGreaterThan(MAX_TOKEN_BYTES - 700);
  }
});

describe('a role that demands something takes more where it is withheld', () => {
  const demand = (name: string, requiredAcr: 'aal2' | 'phr' | null) =>
    app.nest.get(ChangeRole, { strict: false }).change(name, { requiredAcr }, OPERATOR);

  it('and the largest that is let through fits into the token, at every level', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${'withheld-'.repeat(6)}${index}`);
    for (const [index, name] of names.entries()) {
      await createRole(app, admin, name, [`of-${name}:do`]);
      if (index % 2 === 0) await demand(name, index % 4 === 0 ? 'aal2' : 'phr');
    }
    const { userId, sessionId, refreshToken } = await signUp(app);
    let token = refreshToken;
    let count = names.length;
    while ((await assign(userId, names.slice(0, count))).status === 409) count -= 1;
    expect(count).toBeLessThan(names.length);
    for (const factor of ['password', 'test_totp', 'test_key']) {
      await showFactors(app.stores, sessionId, { password: 0, [factor]: 0 });
      const { body } = await refresh(app.api, token);
      token = body.refreshToken;
      expect(body.accessToken.length).toBeLessThanOrEqual(MAX_TOKEN_BYTES);
      expect(claimsOf(body.accessToken).roles).not.toEqual([]);
    }
  });

  it('so that a demand is refused which would make a token too large', async () => {
    const name = await newRole();
    let count = 30;
    while ((await change(name, permissions(count + 1, 'z'))).status === 200) count += 1;
    const holder = await signUpWithRoles(app, admin, [name]);
    await expect(demand(name, 'aal2')).rejects.toMatchObject({ code: 'roles.too_large' });
    expect(claimedBy(await signIn(app.api, holder.email))).toBe(count);
    await change(name, permissions(count - 1, 'z'));
    await demand(name, 'aal2');
    const { accessToken } = await signIn(app.api, holder.email);
    expect(accessToken.length).toBeLessThanOrEqual(MAX_TOKEN_BYTES);
    expect(claimsOf(accessToken)).toMatchObject({ roles: [], withheld: [name] });
  });
});

// The last: every account has this role.
describe('where a role was too large before sizes were judged', () => {
  let user: SignedIn;
  beforeAll(async () => {
    user = await signUp(app);
    await app.stores.query(`UPDATE roles SET permissions = $1 WHERE name = 'user'`, [
      permissions(100),
    ]);
  });

  it('everybody comes in and stays in, and may do nothing until it is mended', async () => {
    const { refreshToken } = await signIn(app.api, user.email);
    const { status, body } = await app.api.post('/auth/refresh', { refreshToken });
    expect(status).toBe(200);
    const me = await app.api.get('/auth/me', { token: body.accessToken });
    expect([me.body.roles, me.body.permissions]).toEqual([[], []]);
  });

  it('an administrator whose role is withheld is asked to step up', async () => {
    const demand = (acr: string | null) =>
      app.stores.query(`UPDATE roles SET required_acr = $1 WHERE name = 'admin'`, [acr]);
    await demand('aal2');
    const { accessToken: token } = await signIn(app.api, admin.email);
    await demand(null);
    const answer = await app.api.get('/admin/roles', { token });
    expect(refusalOf(answer)).toEqual(refused(401, 'access.assurance_insufficient'));
  });

  it('an administrator signs in and mends it', async () => {
    const { accessToken } = await signIn(app.api, admin.email, PASSWORD);
    const mend = (wanted: string[]) => {
      const body = { permissions: wanted };
      return app.api.patch('/admin/roles/user', body, { token: accessToken });
    };
    expect(refusalOf(await mend([...permissions(99), 'notes:read']))).toEqual(TOO_LARGE);
    // What becomes smaller is let through, also when it is still too large.
    expect((await mend(permissions(90))).status).toBe(200);
    expect((await mend(permissions(10))).status).toBe(200);
    expect(claimedBy(await signIn(app.api, user.email))).toBe(10);
  });
});

/** How many permissions an access token claims. */
function claimedBy({ accessToken }: SignedIn): number {
  const [, claims = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).permissions.length;
}
