import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../src/audit/operator.js';
import { VerifyEmail } from '../../src/users/verify-email.js';
import { eventsDuring } from '../audit/stored-events.js';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../builders/accounts.js';
import { refusalOf, refused } from '../support/refusal.js';
import { freshDirectory, ServiceProcess } from '../support/service-process.js';
import { createStores } from '../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp, TestApp } from '../support/test-app.js';

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

const verify = (email: string) =>
  app.nest.get(VerifyEmail, { strict: false }).verify(email, OPERATOR);
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
    const directory = await freshDirectory();
    const cli = (...args: string[]) =>
      ServiceProcess.run(['dist/cli.js', 'users', 'verify-email', ...args], directory.path, {
        ...CHEAP_ENOUGH_FOR_TESTS,
        DATABASE_URL: app.stores.databaseUrl,
      }).ended();
    const email = await registered();
    expect(await cli(email)).toEqual({
      exitCode: 0,
      output: expect.stringMatching(`^${email} is verified \\([0-9a-f-]{36}\\)\\.\n$`),
      errors: '',
    });
    expect((await login(email)).status).toBe(200);

    expect(await cli(uniqueEmail())).toEqual({
      exitCode: 1,
      output: '',
      errors: 'There is no such user.\n',
    });
    expect(await cli()).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/^Name one address/),
    });
    await directory.remove();
  });
});
