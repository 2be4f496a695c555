import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppSecrets } from '../../../../src/latchkey/platform/config/app-secrets.js';
import { RedisConnections } from '../../../../src/latchkey/platform/redis/redis-connections.js';
import { LogContinuity } from '../../../../src/latchkey/tokens/revocation/log/log-continuity.js';
import { signUp } from '../../../builders/accounts.js';
import { refresh } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const HOUR_MILLISECONDS = 3_600_000;

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ REDIS_URL: '', REVOCATION_POLL_SECONDS: '1' });
});
afterAll(() => app[Symbol.asyncDispose]());

it('without Redis, too, a process notices a log that says an earlier time than it has read', async () => {
  const user = await signUp(app);
  await app.nest.get(LogContinuity, { strict: false }).check(Date.now() + HOUR_MILLISECONDS);
  await eventually(
    async () =>
      expect(refusalOf(await refresh(app.api, user.refreshToken))).toEqual(
        refused(401, 'auth.session_revoked'),
      ),
    { within: 15 },
  );
});

it('a restore that could not be made good at the first reading is made good at the next', async () => {
  // Its own look at the log would take back what the others have told.
  await using connected = await startTestApp({ REVOCATION_POLL_SECONDS: '3600' });
  const inApp = <T>(type: new (...args: never[]) => T) =>
    connected.nest.get(type, { strict: false });
  const process = () => new LogContinuity(inApp(RedisConnections), inApp(AppSecrets));
  const restoredTo = Date.now() + HOUR_MILLISECONDS;
  await process().check(restoredTo + HOUR_MILLISECONDS);

  const startedLater = process();
  const told: number[] = [];
  startedLater.onGoneBack = async (before) => {
    told.push(before);
    if (told.length === 1) throw new Error('The database does not answer yet.');
  };
  await expect(startedLater.check(restoredTo)).rejects.toThrow('does not answer');
  await startedLater.check(restoredTo);
  await startedLater.check(restoredTo);
  const before = restoredTo + HOUR_MILLISECONDS;
  expect(told).toEqual([before, before]);
});
