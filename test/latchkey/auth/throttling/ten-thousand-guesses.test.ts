import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HashingProcess } from '../../../../src/latchkey/users/passwords/hashing/hashing-process.js';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { cookieHeaderOf, DEVICE_COOKIE, signInByCookie } from '../../../builders/browsers.js';
import { refresh } from '../../../builders/sessions.js';
import { LeanClient } from '../../../support/lean-client.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { THROTTLED, trySignIn, WRONG_PASSWORD } from './guesses.js';

const ADDRESSES = 500;
const GUESSES = repeated({ quick: 600, full: 10_000 });
const AT_ONCE = 64;
const LOOKS_OF_THE_OWNER = repeated({ quick: 2, full: 8 });
const TIMEOUT_MILLISECONDS = 120_000;

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp(THROTTLED);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Ten, and one for each pause that is over: they last 30 s, 60 s, 120 s … */
function documentedLimit(seconds: number): number {
  let pauses = 0;
  for (let left = seconds, pause = 30; left >= pause; left -= pause, pause *= 2) pauses += 1;
  return 10 + pauses;
}

it(
  `${GUESSES} guesses from ${ADDRESSES} addresses: ten are looked at, and the owner notices nothing`,
  async () => {
    const owner = await signUp(app);
    const cookie = cookieHeaderOf(await signInByCookie(app.api, owner.email), DEVICE_COOKIE);
    const hashes = vi.spyOn(app.nest.get(HashingProcess, { strict: false }), 'run');
    const client = new LeanClient(app.origin);
    const answers: Record<string, number> = {};
    let sent = 0;
    const attack = async () => {
      while (sent < GUESSES) {
        const number = sent++;
        const ip = `198.18.${Math.floor((number % ADDRESSES) / 250)}.${number % 250}`;
        const guess = { email: owner.email, password: `${WRONG_PASSWORD} ${number}` };
        const headers = { 'X-Forwarded-For': ip };
        const { body } = await client.send('POST', '/auth/login', guess, undefined, headers);
        answers[body.code] = (answers[body.code] ?? 0) + 1;
      }
    };
    const since = performance.now();
    const attacks = Promise.all(Array.from({ length: AT_ONCE }, attack));

    let { refreshToken, accessToken: token } = owner;
    for (let look = 0; look < LOOKS_OF_THE_OWNER; look += 1) {
      expect((await app.api.get('/auth/me', { token })).status).toBe(200);
      const signedIn = await trySignIn(app.api, { email: owner.email, cookie, ip: '192.0.2.1' });
      expect(signedIn.status).toBe(200);
      const refreshed = await refresh(app.api, refreshToken);
      expect(refreshed.status).toBe(200);
      ({ refreshToken, accessToken: token } = refreshed.body);
    }
    expect(sent).toBeLessThan(GUESSES);
    await attacks;
    client.close();

    const seconds = (performance.now() - since) / 1000;
    const ofTheOwner = hashes.mock.calls.filter(([{ password }]) => password === PASSWORD).length;
    const ofStrangers = hashes.mock.calls.length - ofTheOwner;
    expect(ofTheOwner).toBe(LOOKS_OF_THE_OWNER);
    expect(ofStrangers).toBeGreaterThanOrEqual(10);
    expect(ofStrangers).toBeLessThanOrEqual(documentedLimit(seconds));
    expect(answers).toEqual({
      'auth.invalid_credentials': ofStrangers,
      'throttle.too_many_requests': GUESSES - ofStrangers,
    });
  },
  onThisMachine(TIMEOUT_MILLISECONDS),
);
