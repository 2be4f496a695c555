import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitationCommands } from '../../../src/latchkey/operations/cli/invitation.commands.js';
import {
  createRole,
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
  uniqueEmail,
} from '../../builders/accounts.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { runHere } from '../../support/run-here.js';
import { startTestApp } from '../../support/test-app.js';
import { eventsDuring } from '../audit/stored-events.js';

const CHOSEN = 'seven green kites at noon';
const INVALID = refused(401, 'auth.proof_invalid');

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let inviter: SignedIn;
let helper: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'editor', ['notes:write']);
  await createRole(app, admin, 'inviter', ['users:write']);
  await createRole(app, admin, 'assigner', ['users:write', 'roles:assign']);
  await createRole(app, admin, 'helper', ['users:recover']);
  inviter = await signUpWithRoles(app, admin, ['user', 'inviter']);
  helper = await signUpWithRoles(app, admin, ['user', 'helper']);
});
afterAll(() => app[Symbol.asyncDispose]());

const invite = (body: object, { accessToken: token }: SignedIn = admin) =>
  app.api.post('/admin/users', body, { token });
const accept = (proof: object, body: object = {}) =>
  app.api.post('/auth/invitation/accept', { ...proof, newPassword: CHOSEN, ...body });
const recover = (userId: string, { accessToken: token }: SignedIn = admin) =>
  app.api.post(`/admin/users/${userId}/recovery`, undefined, { token });
const login = (email: string, password: string) =>
  app.api.post('/auth/login', { email, password, delivery: 'body' });

async function invited(body: object = {}) {
  const email = uniqueEmail();
  const answer = await invite({ email, ...body });
  expect(answer.status).toBe(201);
  const mail = await mailTo(app, email, 'invitation');
  return { email, id: answer.body.id as string, mail, link: { token: tokenIn(mail) } };
}

describe('an address that somebody has registered and never proved', () => {
  it('is its owner’s once an admin takes it over: whoever registered it has nothing left', async () => {
    const stranger = await signUp(app);
    const { email, accessToken: token, refreshToken } = stranger;
    expect(refusalOf(await invite({ email }))).toEqual(refused(409, 'users.email_taken'));
    const body = { email, name: 'Grace', roles: ['user', 'editor'], takeOver: true };
    expect((await invite(body)).body).toMatchObject({ id: stranger.userId, name: 'Grace' });
    expect((await app.api.get('/auth/me', { token })).status).toBe(401);
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await login(email, PASSWORD)).status).toBe(401);
    const link = { token: tokenIn(await mailTo(app, email, 'invitation')) };
    expect((await accept(link)).status).toBe(204);
    const owners = await signIn(app.api, email, CHOSEN);
    const profile = await app.api.get('/users/me', { token: owners.accessToken });
    expect(profile.body).toMatchObject({ emailVerified: true, roles: ['editor', 'user'] });
  });

  it('stays as it is where it has been proved, or its account may do more than who invites', async () => {
    const proved = await signUp(app);
    await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [proved.userId]);
    const taken = refused(409, 'users.email_taken');
    expect(refusalOf(await invite({ email: proved.email, takeOver: true }))).toEqual(taken);
    const { email } = await signUpWithRoles(app, admin, ['user', 'editor']);
    const beyond = refused(403, 'roles.escalation');
    expect(refusalOf(await invite({ email, takeOver: true }, inviter))).toEqual(beyond);
    for (const each of [proved.email, email])
      expect((await login(each, PASSWORD)).status).toBe(200);
  });
});

describe('somebody who is invited', () => {
  it('gets an account, and sets its first password by the link, once', async () => {
    const roles = ['editor', 'user'];
    const { email, id, link, mail } = await invited({ name: 'Grace', locale: 'de', roles });
    expect(mail).toMatchObject({
      subject: 'Latchkey: Sie sind eingeladen',
      links: [expect.stringContaining('/pages/accept-invitation#lko_')],
      code: null,
    });
    expect(mail.text).not.toContain('127.0.0.1');
    expect((await accept(link, { name: 'Grace Hopper' })).status).toBe(204);
    expect(refusalOf(await accept(link))).toEqual(INVALID);
    const { accessToken: token } = await signIn(app.api, email, CHOSEN);
    expect((await app.api.get('/users/me', { token })).body).toEqual({
      id,
      email,
      emailVerified: true,
      name: 'Grace Hopper',
      locale: 'de',
      roles,
      status: 'active',
      createdAt: expect.any(String),
    });
  });

  it('keeps the name of the invitation, and the role of every new account', async () => {
    const { email, link } = await invited({ name: 'Ada' });
    expect(refusalOf(await accept(link, { newPassword: 'short' }))).toEqual(invalid('newPassword'));
    expect((await accept(link)).status).toBe(204);
    const { body } = await login(email, CHOSEN);
    expect(body.user).toMatchObject({ name: 'Ada', roles: ['user'] });
  });

  it('has no way in before: by no password, and by no change of one', async () => {
    const { email } = await invited();
    for (const password of [PASSWORD, CHOSEN])
      expect(refusalOf(await login(email, password))).toEqual(
        refused(401, 'auth.invalid_credentials'),
      );
  });

  it('may recover in place of it, which ends the invitation', async () => {
    const { email, link } = await invited();
    await app.api.post('/auth/recovery/request', { email });
    const token = tokenIn(await mailTo(app, email, 'recovery'));
    const body = { token, newPassword: CHOSEN };
    expect((await app.api.post('/auth/recovery/complete', body)).status).toBe(204);
    expect(refusalOf(await accept(link))).toEqual(INVALID);
    expect((await login(email, CHOSEN)).status).toBe(200);
  });

  it.each([
    ['disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('gets nothing by it once the account is %s', async (_, change) => {
    const { id, link } = await invited();
    await app.stores.query(change, [id]);
    expect(refusalOf(await accept(link))).toEqual(INVALID);
  });
});

describe('whoever invites', () => {
  it('needs to be able to give the roles, and "roles:assign" to name any', async () => {
    const email = uniqueEmail();
    const named = await invite({ email, roles: ['user'] }, inviter);
    expect(refusalOf(named)).toEqual(refused(403, 'access.forbidden'));
    const assigner = await signUpWithRoles(app, admin, ['user', 'assigner']);
    const escalation = refused(403, 'roles.escalation');
    for (const role of ['admin', 'editor'])
      expect(refusalOf(await invite({ email, roles: [role] }, assigner))).toEqual(escalation);
    expect((await invite({ email, roles: ['assigner'] }, assigner)).status).toBe(201);
    expect((await invite({ email: uniqueEmail() }, inviter)).status).toBe(201);
  });

  it('is told what is wrong, and no account is made', async () => {
    const { email } = await signUp(app);
    const taken = await invite({ email: email.toUpperCase() });
    expect(refusalOf(taken)).toEqual(refused(409, 'users.email_taken'));
    for (const [body, field] of [
      [{ email: 'ada' }, 'email'],
      [{ email: uniqueEmail(), roles: ['nothing'] }, 'roles'],
      [{ email: uniqueEmail(), locale: '?' }, 'locale'],
      [{ email: uniqueEmail(), password: PASSWORD }, 'password'],
      [{ email: uniqueEmail(), emailVerified: true }, 'emailVerified'],
    ] as const)
      expect(refusalOf(await invite(body))).toEqual(invalid(field));
  });

  it('is on record, and so is who accepts', async () => {
    const events = await eventsDuring(app.stores, async () => {
      await accept((await invited()).link);
    });
    expect(events.map(({ action, actor_id: actor }) => [action, actor])).toEqual([
      ['user.invited', admin.userId],
      ['user.invitation_accepted', null],
    ]);
  });
});

describe('an admin who has a password recovered', () => {
  it('learns nothing: the owner gets a link, and chooses', async () => {
    const owner = await signUp(app);
    const answer = await recover(owner.userId, helper);
    expect([answer.status, answer.body]).toEqual([202, { expiresIn: 3_600 }]);
    const mail = await mailTo(app, owner.email, 'recovery-by-admin');
    expect(mail.code).toBeNull();
    const { accessToken: token } = owner;
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
    const body = { token: tokenIn(mail), newPassword: CHOSEN };
    expect((await app.api.post('/auth/recovery/complete', body)).status).toBe(204);
    expect((await login(owner.email, CHOSEN)).status).toBe(200);
  });

  it('must be able to give all that the account holds', async () => {
    const escalation = refused(403, 'roles.escalation');
    expect(refusalOf(await recover(admin.userId, helper))).toEqual(escalation);
    await mailsHaveLeft(app);
    expect(await mailsTo(app, admin.email)).toEqual([]);
  });
});

it('the operator does both from the command line', async () => {
  const command = (name: string) => {
    const found = invitationCommands.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no command ${name}.`);
    return found;
  };
  const email = uniqueEmail();
  const done = await runHere(command('users invite'), app, [
    email,
    '--role',
    'editor',
    '--locale',
    'de',
  ]);
  expect(done.output).toMatch(new RegExp(`^${email} is invited \\([0-9a-f-]{36}\\)\\.\n$`));
  const link = { token: tokenIn(await mailTo(app, email, 'invitation')) };
  expect((await accept(link)).status).toBe(204);
  expect((await login(email, CHOSEN)).body.user.roles).toEqual(['editor']);
  expect((await runHere(command('users recover'), app, [email])).output).toMatch(/is on its way/);
  await mailTo(app, email, 'recovery-by-admin');
  expect(await runHere(command('users invite'), app, ['ada'])).toMatchObject({ output: '' });
});
