import { afterAll, beforeAll, expect, it } from 'vitest';
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
