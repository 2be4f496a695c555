import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  RequireAssurance,
  RequireFreshSignIn,
  RequirePermissions,
  Roles,
} from '../../../src/latchkey/access/access.decorators.js';
import { OPERATOR } from '../../../src/latchkey/audit/actor.js';
import { ChangeRole } from '../../../src/latchkey/roles/change-role.js';
import { Revocations } from '../../../src/latchkey/tokens/revocation/revocations.js';
import { SessionFactors } from '../../../src/latchkey/tokens/sessions/session-factors.js';
import { AssignRoles } from '../../../src/latchkey/users/accounts/assign-roles.js';
import { ChangeUserStatus } from '../../../src/latchkey/users/accounts/change-user-status.js';
import { claimsOf } from '../../builders/access-tokens.js';
import {
  createRole,
  grantRoles,
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { clientToken, createClient, postForm } from '../../builders/clients.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../builders/second-factors.js';
import { refresh } from '../../builders/sessions.js';
import { TEST_TOTP } from '../../builders/shown-factors.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

@Controller('treasury')
class TreasuryController {
  @Get('ledger')
  @Roles('treasurer')
  ledger() {}

  @Get('payouts')
  @RequirePermissions('payouts:send')
  payouts() {}

  @Get('vault')
  @RequirePermissions('vault:open')
  vault() {}

  @Get('payouts-from-the-vault')
  @RequirePermissions('payouts:send', 'vault:open')
  payoutsFromTheVault() {}

  @Get('recent-payouts')
  @RequirePermissions('payouts:send')
  @RequireAssurance({ maxAgeSeconds: 60 })
  recentPayouts() {}

  @Get('fresh-payouts')
  @RequirePermissions('payouts:send')
  @RequireFreshSignIn()
  freshPayouts() {}

  @Get('payouts-by-key')
  @RequirePermissions('payouts:send')
  @RequireAssurance({ acr: 'phr' })
  payoutsByKey() {}

  @Get('elsewhere')
  @RequirePermissions('elsewhere:go')
  elsewhere() {}
}

@Module({ imports: [WithSecondFactors], controllers: [TreasuryController] })
class TreasuryModule {}

const INSUFFICIENT = refused(401, 'access.assurance_insufficient');
const STALE = refused(401, 'access.token_stale');
const ASKS_FOR_AAL2 = 'Bearer error="insufficient_user_authentication", acr_values="aal2"';
const URI = 'https://app.example.com/back';

let app: Awaited<ReturnType<typeof startTestApp>>;
/** An admin whose session has shown a key; every other admin has no factor. */
let admin: SignedIn;
let codes = 0;

beforeAll(async () => {
  app = await startTestApp({}, { module: TreasuryModule });
  await createTestCodes(app.stores);
  const { userId, email } = await signUpAdmin(app);
  admin = await raised(await signInAs({ userId, email }), 'test_key');
  await createRole(app, admin, 'treasurer', ['payouts:send', 'payouts:read']);
  await createRole(app, admin, 'keeper', ['vault:open', 'payouts:read']);
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const role of ['treasurer', 'keeper', 'admin']) await demand(role, null);
});

const as = ({ accessToken: token }: Pick<SignedIn, 'accessToken'>) => ({ token });
const signInAs = ({ userId, email }: Pick<SignedIn, 'userId' | 'email'>) =>
  signIn(app.api, email).then((session) => ({ ...session, userId }));
const patch = (role: string, requiredAcr: unknown, who = admin) =>
  app.api.patch(`/admin/roles/${role}`, { requiredAcr }, as(who));
const open = (path: string, who: Pick<SignedIn, 'accessToken'>) =>
  app.api.get(`/treasury/${path}`, as(who));

/** By the operator, so that no test depends on what a session of another has shown. */
async function demand(role: string, requiredAcr: 'aal2' | 'phr' | null) {
  await app.nest.get(ChangeRole, { strict: false }).change(role, { requiredAcr }, OPERATOR);
  if (admin !== undefined) admin = await refreshed(admin);
}

/** The same session, after another factor has been shown in it. */
async function raised<Session extends SignedIn>(
  session: Session,
  method: 'test_totp' | 'test_key',
): Promise<Session> {
  codes += 1;
  const code = `code-${codes}`;
  await giveCodes(app.stores, session.userId, method, code);
  const { status, body } = await app.api.post('/auth/step-up', { method, code }, as(session));
  if (status !== 200) throw new Error(`Stepping up answered ${status}.`);
  return { ...session, accessToken: body.accessToken };
}

async function refreshed<Session extends SignedIn>(session: Session): Promise<Session> {
  const { status, body } = await refresh(app.api, session.refreshToken);
  if (status !== 200) throw new Error(`A refresh answered ${status}.`);
  return { ...session, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

describe('a role that is made to demand a second factor', () => {
  it('is withheld at once from sessions of a password, and given back to who steps up', async () => {
    const holder = await signUpWithRoles(app, admin, ['user', 'treasurer']);
    expect((await open('payouts', holder)).status).toBe(200);
    expect((await patch('treasurer', 'aal2')).body.requiredAcr).toBe('aal2');
    expect(refusalOf(await open('payouts', holder))).toEqual(STALE);

    const renewed = await app.api.post('/auth/refresh', { refreshToken: holder.refreshToken });
    expect(renewed.body).toMatchObject({ acr: 'aal1', withheld: ['treasurer'] });
    expect(renewed.body.user.roles).toEqual(['treasurer', 'user']);
    expect(claimsOf(renewed.body.accessToken)).toMatchObject({
      roles: ['user'],
      permissions: [],
      withheld: ['treasurer'],
      step_up: { aal2: ['treasurer', 'payouts:read', 'payouts:send'] },
    });
    const session = { ...holder, ...renewed.body, userId: holder.userId };
    const me = (await app.api.get('/auth/me', as(session))).body;
    expect(me).toMatchObject({ acr: 'aal1', roles: ['user'], withheld: ['treasurer'] });

    const challenged = await open('payouts', session);
    expect(refusalOf(challenged)).toEqual(INSUFFICIENT);
    expect(challenged.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="aal2"',
    );
    const stepped = await raised(session, 'test_totp');
    expect((await open('payouts', stepped)).status).toBe(200);
    expect((await open('ledger', stepped)).status).toBe(200);
    const claims = claimsOf(stepped.accessToken);
    expect(claims).toMatchObject({ sid: holder.sessionId, roles: ['treasurer', 'user'] });
    expect(claims).not.toHaveProperty('withheld');
    expect(claims).not.toHaveProperty('step_up');
    expect((await open('payouts', await refreshed(stepped))).status).toBe(200);
  });

  it('takes nothing from a session that has shown one already, nor from holders of other roles', async () => {
    const holder = await raised(await signUpWithRoles(app, admin, ['treasurer']), 'test_totp');
    const other = await signUpWithRoles(app, admin, ['keeper']);
    await demand('treasurer', 'aal2');
    expect((await open('payouts', await refreshed(holder))).status).toBe(200);
    expect((await open('vault', other)).status).toBe(200);
  });

  it('that is given to somebody is withheld from their sessions', async () => {
    await demand('treasurer', 'aal2');
    const user = await signUp(app);
    await grantRoles(app, admin, user.userId, ['user', 'treasurer']);
    expect(refusalOf(await open('payouts', user))).toEqual(STALE);
    expect(refusalOf(await open('payouts', await refreshed(user)))).toEqual(INSUFFICIENT);
  });

  it('is withheld again at once when the factor is removed', async () => {
    await demand('treasurer', 'aal2');
    const holder = await raised(await signUpWithRoles(app, admin, ['treasurer']), 'test_totp');
    expect((await open('payouts', holder)).status).toBe(200);
    const factors = app.nest.get(SessionFactors, { strict: false });
    await app.nest
      .get(Revocations, { strict: false })
      .commit((transaction) => factors.withdraw(transaction, holder.userId, TEST_TOTP));
    expect(refusalOf(await open('payouts', holder))).toEqual(STALE);
    expect(refusalOf(await open('payouts', await refreshed(holder)))).toEqual(INSUFFICIENT);
  });

  it('is had again, without a factor, as soon as it demands nothing any more', async () => {
    await demand('treasurer', 'aal2');
    const holder = await signUpWithRoles(app, admin, ['treasurer']);
    expect(refusalOf(await open('payouts', holder))).toEqual(INSUFFICIENT);
    expect((await patch('treasurer', null)).body.requiredAcr).toBeNull();
    expect(refusalOf(await open('payouts', holder))).toEqual(STALE);
    expect((await open('payouts', await refreshed(holder))).status).toBe(200);
  });

  it('is nothing that its owner needs to look after the account', async () => {
    await demand('treasurer', 'phr');
    const holder = await signUpWithRoles(app, admin, ['treasurer']);
    for (const path of ['/auth/me', '/users/me', '/auth/sessions', '/auth/factors']) {
      expect([path, (await app.api.get(path, as(holder))).status]).toEqual([path, 200]);
    }
  });

  it('is recorded, and read where it was written', async () => {
    const made = await app.api.post(
      '/admin/roles',
      { name: 'recorded', permissions: [], requiredAcr: 'aal2' },
      as(admin),
    );
    expect([made.status, made.body.requiredAcr]).toEqual([201, 'aal2']);
    await patch('recorded', 'phr');
    expect((await app.api.get('/admin/roles/recorded', as(admin))).body.requiredAcr).toBe('phr');
    const events = await app.stores.query(
      `SELECT details FROM audit_events WHERE target_id = 'recorded' ORDER BY id`,
    );
    expect(events.map(({ details }) => details)).toEqual([
      { permissions: [], requiredAcr: 'aal2' },
      { added: [], removed: [], describedAnew: false, requiredAcr: 'phr' },
    ]);
  });

  it.each([['aal1'], ['aal3'], [''], [2], [true], [['aal2']], [{}]])(
    'does not demand %j',
    async (acr) => {
      expect(refusalOf(await patch('treasurer', acr))).toEqual(invalid('requiredAcr'));
    },
  );
});

describe('a route asks for the least that would open it', () => {
  const BY_KEY = 'acr_values="phr"';
  const rows: [string, string, string | null][] = [
    ['ledger', 'a role by its name', 'acr_values="aal2"'],
    ['payouts', 'a permission', 'acr_values="aal2"'],
    ['vault', 'a permission of a role that demands more', BY_KEY],
    ['payouts-from-the-vault', 'what two withheld roles permit together', BY_KEY],
    ['recent-payouts', 'a sign-in of the last minute as well', 'acr_values="aal2", max_age="60"'],
    ['fresh-payouts', 'a fresh sign-in as well', 'acr_values="aal2", max_age="600"'],
    ['payouts-by-key', 'a higher level of its own', BY_KEY],
    ['elsewhere', 'what no withheld role permits', null],
  ];

  it.each(rows)('%s, which demands %s', async (path, _, asked) => {
    await demand('treasurer', 'aal2');
    await demand('keeper', 'phr');
    const holder = await signUpWithRoles(app, admin, ['treasurer', 'keeper']);
    const { status, headers } = await open(path, holder);
    expect([status, headers.get('www-authenticate')]).toEqual(
      asked === null
        ? [403, 'Bearer error="insufficient_scope"']
        : [401, `Bearer error="insufficient_user_authentication", ${asked}`],
    );
  });

  it('and for nothing where another role opens it', async () => {
    await demand('treasurer', 'aal2');
    await createRole(app, admin, 'clerk', ['payouts:*']);
    const holder = await signUpWithRoles(app, admin, ['treasurer', 'clerk']);
    expect((await open('payouts', holder)).status).toBe(200);
    expect(refusalOf(await open('ledger', holder))).toEqual(INSUFFICIENT);
  });

  it('of a gateway, too', async () => {
    await demand('treasurer', 'aal2');
    const holder = await signUpWithRoles(app, admin, ['treasurer']);
    for (const query of ['roles=treasurer', 'permissions=payouts:send']) {
      const answer = await app.api.get(`/auth/verify?${query}`, as(holder));
      expect(refusalOf(answer)).toEqual(INSUFFICIENT);
      expect(answer.headers.get('x-auth-error')).toBe('access.assurance_insufficient');
    }
    expect((await app.api.get('/auth/verify', as(holder))).headers.get('x-auth-roles')).toBe('');
  });

  it('without asking the database', async () => {
    await demand('treasurer', 'aal2');
    const holder = await signUpWithRoles(app, admin, ['treasurer']);
    await open('payouts', holder);
    expect(await recordStatements(() => open('payouts', holder))).toEqual([]);
  });

  it('and introspection says what is withheld', async () => {
    await demand('treasurer', 'aal2');
    const client = await createClient(app.api, admin);
    const { accessToken: token } = await signUpWithRoles(app, admin, ['treasurer']);
    const { body } = await postForm(app.api, '/oauth/introspect', { token }, client);
    expect(body).toMatchObject({ active: true, acr: 'aal1', roles: [], withheld: ['treasurer'] });
  });
});

describe('nobody demands what they do not show themselves', () => {
  it('neither of a role that there is nor of a new one', async () => {
    const chief = await signUpAdmin(app);
    for (const acr of ['aal2', 'phr']) {
      const changed = await patch('treasurer', acr, chief);
      expect(refusalOf(changed)).toEqual(INSUFFICIENT);
      expect(changed.body.acr).toBe(acr);
      const body = { name: 'demanding', permissions: [], requiredAcr: acr };
      const made = await app.api.post('/admin/roles', body, as(chief));
      expect(refusalOf(made)).toEqual(INSUFFICIENT);
    }
    const withTotp = await raised(chief, 'test_totp');
    expect(refusalOf(await patch('treasurer', 'phr', withTotp))).toEqual(INSUFFICIENT);
    expect((await patch('treasurer', 'aal2', withTotp)).status).toBe(200);
  });

  it('nor by a token from before the factor was taken out of the session', async () => {
    const chief = await raised(await signUpAdmin(app), 'test_totp');
    await app.stores.query(`UPDATE sessions SET factors = factors - 'test_totp' WHERE id = $1`, [
      chief.sessionId,
    ]);
    expect(refusalOf(await patch('treasurer', 'aal2', chief))).toEqual(INSUFFICIENT);
  });
});

describe('a stolen password reaches nothing that a demanding role gives', () => {
  it('in the admin API: what is withheld does not count, also where another role opens the route', async () => {
    await createRole(app, admin, 'clerk-of-roles', ['roles:write', 'roles:assign', 'users:write']);
    const victim = await signUpAdmin(app);
    const mine = ['admin', 'clerk-of-roles', 'user'];
    await app.nest.get(AssignRoles, { strict: false }).assign(victim.userId, mine, OPERATOR);
    await demand('admin', 'aal2');
    const thief = await signIn(app.api, victim.email, PASSWORD);
    expect(refusalOf(await app.api.get('/admin/users', as(thief)))).toEqual(INSUFFICIENT);
    const attempts = [
      await patch('admin', null, thief),
      await app.api.put(`/admin/users/${victim.userId}/roles`, { roles: ['admin'] }, as(thief)),
      await app.api.patch(`/admin/users/${admin.userId}`, { status: 'disabled' }, as(thief)),
    ];
    for (const { status, headers } of attempts) {
      expect([status, headers.get('www-authenticate')]).toEqual([401, ASKS_FOR_AAL2]);
    }
    const owner = await raised(thief, 'test_totp');
    expect((await app.api.get('/admin/users', as(owner))).status).toBe(200);
    expect((await patch('admin', null, owner)).status).toBe(200);
  });

  it('nor asks for a step-up that would not do', async () => {
    await demand('treasurer', 'aal2');
    const clerk = await signUpWithRoles(app, admin, ['clerk-of-roles', 'treasurer']);
    const give = (roles: string[]) =>
      app.api.put(`/admin/users/${clerk.userId}/roles`, { roles }, as(clerk));
    const challenged = await give(['clerk-of-roles', 'user']);
    expect(challenged.headers.get('www-authenticate')).toBe(ASKS_FOR_AAL2);
    const refusal = await give(['clerk-of-roles', 'treasurer', 'keeper', 'user']);
    expect(refusalOf(refusal)).toEqual(refused(403, 'roles.escalation'));
    expect(refusal.body.detail).toMatch(/^You do not hold: .*the role keeper/);
  });

  it('and what takes all permissions is asked of a session that would have them', async () => {
    await createRole(app, admin, 'clerk-of-clients', ['clients:write']);
    const victim = await signUpAdmin(app);
    const mine = ['admin', 'clerk-of-clients', 'user'];
    await app.nest.get(AssignRoles, { strict: false }).assign(victim.userId, mine, OPERATOR);
    await demand('admin', 'phr');
    const thief = await signIn(app.api, victim.email, PASSWORD);
    const publicApp = { name: 'first-party', type: 'public', roles: [], redirectUris: [URI] };
    const body = { ...publicApp, firstParty: true };
    const { status, headers } = await app.api.post('/admin/clients', body, as(thief));
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      ASKS_FOR_AAL2.replace('aal2', 'phr'),
    ]);
  });
});

describe('the last admin is not locked out', () => {
  const operator = () => app.nest.get(ChangeRole, { strict: false });
  const status = () => app.nest.get(ChangeUserStatus, { strict: false });
  const LAST = expect.objectContaining({ code: 'roles.last_admin' });

  it('by a demand that no active admin could meet', async () => {
    await app.stores.query('DELETE FROM test_codes WHERE user_id <> $1', [admin.userId]);
    const capable = 'UPDATE users SET status = $2 WHERE id = $1';
    await app.stores.query(capable, [admin.userId, 'disabled']);
    await expect(operator().change('admin', { requiredAcr: 'aal2' }, OPERATOR)).rejects.toEqual(
      LAST,
    );
    await app.stores.query(capable, [admin.userId, 'active']);
    await operator().change('admin', { requiredAcr: 'phr' }, OPERATOR);
  });

  it('by the going of the last one who meets it; others may go', async () => {
    await app.stores.query('DELETE FROM test_codes WHERE user_id <> $1', [admin.userId]);
    const withoutFactor = await signUpAdmin(app);
    await demand('admin', 'aal2');
    const disabled = { status: 'disabled' as const };
    await expect(status().change(admin.userId, disabled, OPERATOR)).rejects.toEqual(LAST);
    const assign = app.nest.get(AssignRoles, { strict: false });
    await expect(assign.assign(admin.userId, ['user'], OPERATOR)).rejects.toEqual(LAST);
    await status().change(withoutFactor.userId, disabled, OPERATOR);
    const second = await raised(await signUpAdmin(app), 'test_totp');
    await status().change(second.userId, disabled, OPERATOR);
  });
});

describe('a service, which shows nothing,', () => {
  it('is given no role that demands something', async () => {
    await demand('treasurer', 'aal2');
    const body = { name: 'payer', roles: ['treasurer'] };
    const made = await app.api.post('/admin/clients', body, as(admin));
    expect(refusalOf(made)).toEqual(refused(409, 'roles.not_for_services'));
    const { id } = await createClient(app.api, admin);
    const changed = await app.api.patch(
      `/admin/clients/${id}`,
      { roles: ['treasurer'] },
      as(admin),
    );
    expect(refusalOf(changed)).toEqual(refused(409, 'roles.not_for_services'));
  });

  it('keeps a role that it holds from demanding anything', async () => {
    await createRole(app, admin, 'of-a-service', []);
    await createClient(app.api, admin, ['of-a-service']);
    expect(refusalOf(await patch('of-a-service', 'aal2'))).toEqual(
      refused(409, 'roles.not_for_services'),
    );
  });

  it('has nothing of one that was made to demand something behind its back', async () => {
    await createRole(app, admin, 'made-to-demand', ['payouts:send']);
    const client = await createClient(app.api, admin, ['made-to-demand']);
    await app.stores.query(`UPDATE roles SET required_acr = 'aal2' WHERE name = 'made-to-demand'`);
    const accessToken = await clientToken(app.api, client);
    expect(refusalOf(await open('payouts', { accessToken }))).toEqual(
      refused(403, 'access.forbidden'),
    );
  });
});
