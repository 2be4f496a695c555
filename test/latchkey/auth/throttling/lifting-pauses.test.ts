import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { runCommandLine } from '../../../support/command-line.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp, TestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { storedEvents } from '../../audit/stored-events.js';
import { guess, somewhere, THROTTLED, trySignIn } from './guesses.js';

let one: TestApp & AsyncDisposable;
let other: TestApp;
let token: string;
beforeAll(async () => {
  one = await startTestApp(THROTTLED);
  const env = { ...THROTTLED, OUTBOX_WORKER: 'off' };
  other = await TestApp.start({ stores: one.stores, env });
  ({ accessToken: token } = await signUpAdmin(one));
});
afterAll(async () => {
  await other?.stop();
  await one?.[Symbol.asyncDispose]();
});

const pausesOf = (query: string) => one.api.get(`/admin/throttle?${query}`, { token });

describe('an admin', () => {
  it('sees that strangers have paused an account, and lets its owner in at once on every instance', async () => {
    const { email, userId } = await signUp(one);
    await guess(one.api, 11, { email, ip: somewhere() });
    const home = somewhere();
    expect((await trySignIn(other.api, { email, ip: home })).status).toBe(429);

    const { body } = await pausesOf(`userId=${userId}`);
    expect(body.items).toEqual([
      { policy: 'sign-in-account', retryAfterSeconds: expect.any(Number) },
    ]);
    expect(body.items[0].retryAfterSeconds).toBeGreaterThan(0);

    const reason = 'the owner has called';
    const lifted = await one.api.post('/admin/throttle/lift', { userId, reason }, { token });
    expect(lifted.status).toBe(200);
    expect(lifted.body.items).toHaveLength(1);
    expect((await trySignIn(other.api, { email, ip: home, password: PASSWORD })).status).toBe(200);
    expect((await pausesOf(`userId=${userId}`)).body.items).toEqual([]);
    expect(await storedEvents(one.stores, 'throttle.lifted')).toEqual([
      expect.objectContaining({
        target_id: userId,
        reason,
        details: { policies: ['sign-in-account'] },
      }),
    ]);
  });

  it('lets an office in again whose address has used its quota up', async () => {
    await using strict = await startTestApp({
      ...THROTTLED,
      THROTTLE_ADDRESS_FAILED_SIGN_INS: '2',
    });
    const admin = await signUpAdmin(strict);
    const { email } = await signUp(strict);
    const ip = '203.0.113.9';
    await guess(strict.api, 2, { email, ip });
    expect((await trySignIn(strict.api, { email, ip })).status).toBe(429);
    const auth = { token: admin.accessToken };
    const { body } = await strict.api.post('/admin/throttle/lift', { ip }, auth);
    expect(body.items).toEqual([
      { policy: 'sign-in-address', retryAfterSeconds: expect.any(Number) },
    ]);
    expect((await trySignIn(strict.api, { email, ip })).status).toBe(200);
  });

  it(
    'does the same on the command line',
    async () => {
      const { email, userId } = await signUp(one);
      await guess(one.api, 11, { email, ip: somewhere() });
      const directory = await freshDirectory();
      const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = one.stores;
      const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL, REDIS_URL };
      const cli = (...args: string[]) => runCommandLine(args, { directory: directory.path, env });
      const shown = await cli('throttle', 'show', '--user', email, '--json');
      expect(JSON.parse(shown.output)).toMatchObject({ policy: 'sign-in-account' });
      const lifted = await cli('throttle', 'lift', '--user', userId, '--reason', 'a call');
      expect(lifted).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/^sign-in-account +\d+\n$/),
      });
      expect((await trySignIn(one.api, { email, ip: somewhere() })).status).toBe(200);
      const alone = await runCommandLine(['throttle', 'show', '--ip', '203.0.113.7'], {
        directory: directory.path,
        env: { ...env, REDIS_URL: '' },
      });
      expect(alone).toMatchObject({ exitCode: 1, errors: expect.stringContaining('REDIS_URL') });
      await directory.remove();
    },
    onThisMachine(60_000),
  );

  it('lifts nothing where nothing is refused, and records nothing', async () => {
    const { userId } = await signUp(one);
    const before = await storedEvents(one.stores, 'throttle.lifted');
    const { status, body } = await one.api.post('/admin/throttle/lift', { userId }, { token });
    expect({ status, body }).toEqual({ status: 200, body: { items: [] } });
    expect(await storedEvents(one.stores, 'throttle.lifted')).toEqual(before);
  });

  it.each([
    ['nobody', '', ['ip', 'userId']],
    ['both', 'ip=203.0.113.7&userId=0192f0c4-0000-7000-8000-000000000000', ['ip', 'userId']],
    ['no address', 'ip=office', ['ip']],
  ])('is told what to name when the query names %s', async (_, query, fields) => {
    expect(refusalOf(await pausesOf(query))).toEqual({
      ...refused(400, 'request.invalid'),
      fields,
    });
  });

  it('is told when there is no such account', async () => {
    const answer = await pausesOf('userId=0192f0c4-0000-7000-8000-000000000000');
    expect(refusalOf(answer)).toEqual(refused(404, 'users.not_found'));
  });
});
