import { expect, it } from 'vitest';
import { type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { DatabaseClock } from '../../../support/database-clock.js';
import { eventually } from '../../../support/eventually.js';
import { createStores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const MINUTES = 60;
const DAYS = 86_400;
const WITHIN = { within: 15 };
const SETTINGS = { REDIS_URL: '', REVOCATION_POLL_SECONDS: '1' };

it.each(sampled([-DAYS, -90 * MINUTES, -MINUTES, MINUTES, 90 * MINUTES, DAYS], { oneIn: 5 }))(
  "a database's clock that is set by %i s and put right revives no token and refuses no new one, also after a restart",
  async (step) => {
    const stores = await createStores();
    const clock = await DatabaseClock.of(stores);
    let app = await TestApp.start({ stores, env: SETTINGS });
    try {
      const { email } = await signUp(app);
      const session = () => signIn(app.api, email);
      const [endedBefore, endedMeanwhile, endedAfter, live] = await sessions(4, session);
      await signOut(app, endedBefore);

      await clock.set(step);
      await newTokensWork(app, session);
      const [ended, survivor, endedLater] = await sessions(3, session);
      await signOut(app, await renewed(app, endedMeanwhile));
      await signOut(app, ended);
      const over = [endedBefore, endedMeanwhile, ended];
      await allRefused(app, over);

      await clock.set(0);
      await newTokensWork(app, session);
      await signOut(app, await renewed(app, endedAfter));
      await signOut(app, await renewed(app, endedLater));
      over.push(endedAfter, endedLater);
      await allRefused(app, over);
      const expired = await deadTokens(app, [live, survivor]);

      await app.stop();
      app = await TestApp.start({ stores, env: SETTINGS });
      await allRefused(app, over);
      for (const one of [live, survivor]) await works(app, await renewed(app, one));
      expect(expired.length).toBeLessThanOrEqual(2);

      // The time that was told too early has come: what was revoked is remembered until then.
      await clock.set(Math.abs(step));
      await newTokensWork(app, session);
      await allRefused(app, over);
    } finally {
      await app.stop();
      await stores.drop();
    }
  },
  onThisMachine(90_000),
);

async function sessions(count: number, start: () => Promise<SignedIn>) {
  const started: SignedIn[] = [];
  while (started.length < count) started.push(await start());
  return started as [SignedIn, SignedIn, SignedIn, SignedIn];
}

/** The process has taken the new time over. */
function newTokensWork(app: TestApp, start: () => Promise<SignedIn>): Promise<void> {
  return eventually(async () => works(app, await start()), WITHIN);
}

async function works(app: TestApp, { accessToken: token }: SignedIn): Promise<void> {
  const { status, body } = await app.api.get('/auth/me', { token });
  expect([status, body.code]).toEqual([200, undefined]);
}

/** A session goes on, whatever has become of its access token. */
async function renewed(app: TestApp, session: SignedIn): Promise<SignedIn> {
  const { refreshToken } = session;
  const { status, body } = await app.api.post('/auth/refresh', { refreshToken });
  expect([status, body.code]).toEqual([200, undefined]);
  return { ...session, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

async function signOut(app: TestApp, { accessToken: token }: SignedIn): Promise<void> {
  expect((await app.api.post('/auth/logout', undefined, { token })).status).toBe(204);
}

async function allRefused(app: TestApp, ended: readonly SignedIn[]): Promise<void> {
  for (const { accessToken: token, refreshToken } of ended) {
    expect((await app.api.get('/auth/me', { token })).status).toBe(401);
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
  }
}

/** Tokens of live sessions that have to be refreshed: it is told why. */
async function deadTokens(app: TestApp, sessions: readonly SignedIn[]): Promise<string[]> {
  const codes: string[] = [];
  for (const { accessToken: token } of sessions) {
    const { status, body } = await app.api.get('/auth/me', { token });
    if (status !== 200) codes.push(body.code);
  }
  for (const code of codes) expect(code).toMatch(/^access\.token_(expired|invalid)$/);
  return codes;
}
