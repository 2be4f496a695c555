import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../../src/latchkey/audit/actor.js';
import { verifyEmailCommand } from '../../../../src/latchkey/operations/cli/verify-email.command.js';
import { VerifyEmail } from '../../../../src/latchkey/users/accounts/verify-email.js';
import { OPERATOR_LANE } from '../../../../src/latchkey/users/passwords/hashing/password-check.js';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../../builders/accounts.js';
import { runCommandLine } from '../../../support/command-line.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { runHere } from '../../../support/run-here.js';
import { freshDirectory } from '../../../support/service-process.js';
import { createStores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp, TestApp } from '../../../support/test-app.js';
import { eventsDuring } from '../../audit/stored-events.js';

const OWNERS_PASSWORD = 'seven green kites at noon';

let app: Awaited<ReturnType<typeof startTestApp>>;
let fromBefore: SignedIn;
beforeAll(async () => {
  const stores = await createStores();
  const before = await TestApp.start({ stores });
  fromBefore = await signUp(before);
  await before.stop();
  app = await startTestApp({ EMAIL_VERIFICATION: 'required' }, { stores });
});
afterAll(() => app[Symbol.asyncDispose]());

const verifyEmail = () => app.nest.get(VerifyEmail, { strict: false });
/** It was the owner who registered it. */
const verify = (email: string) => verifyEmail().verify(email, OPERATOR, 'keep');
const login = (email: string, password = PASSWORD) =>
  app.api.post('/auth/login', { email, password });

async function registered(): Promise<string> {
  const email = uniqueEmail();
  const answer = await app.api.post('/auth/register', { email, password: PASSWORD });
  expect(answer.status).toBe(202);
  return email;
}

describe('where addresses are verified', () => {
  it('nobody signs in by password before, whatever they typed, and admins see why', async () => {
    const email = await registered();
    const events = await eventsDuring(app.stores, async () => {
      for (const password of [PASSWORD, `${PASSWORD}!`]) {
        const answer = await login(email, password);
        expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
    });
    expect(events.map(({ action, reason }) => [action, reason])).toEqual(
      Array(2).fill(['sign_in.failed', 'email_unverified']),
    );
  });

  it('their owners sign in from then on, by the right password', async () => {
    const email = await registered();
    const profile = await verify(email.toUpperCase());
    expect(profile).toMatchObject({ email, emailVerified: true });
    expect((await login(email, `${PASSWORD}!`)).status).toBe(401);
    const { accessToken } = await signIn(app.api, email);
    const me = await app.api.get('/users/me', { token: accessToken });
    expect(me.body).toEqual(profile);
  });

  it('an account from before is shut out until it is verified; its sessions go on', async () => {
    const { email, accessToken, refreshToken } = fromBefore;
    expect((await login(email)).status).toBe(401);
    expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(200);
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(200);
    await verify(email);
    expect((await login(email)).status).toBe(200);
  });

  it('an admin whom the operator made needs nothing', async () => {
    const { email } = await signUpAdmin(app);
    expect((await login(email)).status).toBe(200);
  });

  it('a disabled account stays shut', async () => {
    const email = await registered();
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [email]);
    await verify(email);
    expect((await login(email)).status).toBe(401);
  });
});

describe('whoever registered the address of somebody else', () => {
  it('has no way in once its owner has verified it, unless the caller says that it was the owner', async () => {
    const email = await registered();
    const profile = await verifyEmail().verify(email, OPERATOR);
    expect(profile).toMatchObject({ email, emailVerified: true });
    expect((await login(email)).status).toBe(401);
  });

  it('changes nothing when the new password is unfit, or the address was verified before', async () => {
    const email = await registered();
    const replace = (replaceBy: string) =>
      verifyEmail().verify(email, OPERATOR, { replaceBy, lane: OPERATOR_LANE });
    await expect(replace('short')).rejects.toMatchObject({
      code: 'request.invalid',
      fields: expect.arrayContaining([expect.objectContaining({ field: 'newPassword' })]),
    });
    expect(await verify(email)).toMatchObject({ emailVerified: true });
    await replace(OWNERS_PASSWORD);
    await verifyEmail().verify(email, OPERATOR);
    expect((await login(email)).status).toBe(200);
  });
});

describe('verifying', () => {
  it('is on record once, however often and however many do it at once', async () => {
    const email = await registered();
    const events = await eventsDuring(app.stores, async () => {
      const profiles = await Promise.all(Array.from({ length: 10 }, () => verify(email)));
      expect(profiles.map(({ emailVerified }) => emailVerified)).toEqual(Array(10).fill(true));
    });
    const { id } = await verify(email);
    expect(events).toEqual([
      expect.objectContaining({
        action: 'user.email_verified',
        details: { password: 'kept' },
        outcome: 'success',
        actor_id: null,
        target_id: id,
        request_id: 'operator',
      }),
    ]);
  });

  it('is refused for an address that nobody has', async () => {
    await expect(verify(uniqueEmail())).rejects.toMatchObject({ code: 'users.not_found' });
  });

  it('can be done by the operator, from the command line', async () => {
    const cli = (...args: string[]) => runHere(verifyEmailCommand, app, args);
    const email = await registered();
    expect(await cli(email, '--keep-password')).toEqual({
      output: expect.stringMatching(`^${email} is verified \\([0-9a-f-]{36}\\)\\.\n$`),
    });
    expect((await login(email)).status).toBe(200);
    expect(await cli(email)).toEqual({
      output: expect.stringMatching(`^${email} was verified already \\([0-9a-f-]{36}\\)\\.\n$`),
    });
    expect(await cli(uniqueEmail(), '--keep-password')).toEqual({
      output: '',
      error: 'There is no such user.',
    });
    expect(await cli()).toEqual({
      output: '',
      error: expect.stringMatching(/^Missing required argument 'address'/),
    });
  });

  it('asks the operator for the password of its owner', async () => {
    const directory = await freshDirectory();
    const email = await registered();
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: app.stores.databaseUrl };
    const ended = await runCommandLine(['users', 'verify-email', email], {
      directory: directory.path,
      env,
      input: `${OWNERS_PASSWORD}\n`,
    });
    expect(ended).toMatchObject({ exitCode: 0, errors: '' });
    expect((await login(email)).status).toBe(401);
    expect((await login(email, OWNERS_PASSWORD)).status).toBe(200);
    await directory.remove();
  });
});

describe('whoever registered the address of somebody else, and has signed in', () => {
  it('is signed out by it, on the very next request, and what the owner chose counts', async () => {
    const open = await startTestApp();
    const hijacker = await signUp(open);
    await open.nest
      .get(VerifyEmail, { strict: false })
      .verify(hijacker.email, OPERATOR, { replaceBy: OWNERS_PASSWORD, lane: OPERATOR_LANE });
    const me = await open.api.get('/auth/me', { token: hijacker.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = hijacker;
    expect((await open.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    const login = (password: string) =>
      open.api.post('/auth/login', { email: hijacker.email, password });
    expect((await login(PASSWORD)).status).toBe(401);
    expect((await login(OWNERS_PASSWORD)).status).toBe(200);
    await open[Symbol.asyncDispose]();
  });
});
