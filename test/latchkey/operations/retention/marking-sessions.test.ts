import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { endOthers } from '../../../builders/sessions.js';
import { storeSessions } from '../../../builders/stored-sessions.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const KEPT = { RETENTION_INTERVAL_SECONDS: '86400', RETENTION_BATCH_SIZE: '3' };

let stores: Stores;
let app: TestApp;
let admin: SignedIn;
let user: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  app = await TestApp.start({ stores, env: KEPT });
  admin = await signUpAdmin(app);
});
beforeEach(async () => {
  user = await signUp(app);
});
afterAll(async () => {
  await app.stop();
  await stores.drop();
});

function runRetention(): Promise<void> {
  return app.nest.get(RetentionSchedule, { strict: false }).runOnce();
}

async function findSession(id: string) {
  const [row] = await stores.query<{ end_reason: string | null; ended_at: Date | null }>(
    'SELECT * FROM sessions WHERE id = $1',
    [id],
  );
  return row;
}

function endAll({ userId }: SignedIn) {
  return app.api.delete(`/admin/users/${userId}/sessions`, { token: admin.accessToken });
}

describe('what is over', () => {
  it('is written into the sessions that a cutoff ended: when, why and by whom', async () => {
    const second = await signIn(app.api, user.email);
    await endAll(user);
    const { body } = await app.api.get(`/admin/sessions?state=ended&userId=${user.userId}`, {
      token: admin.accessToken,
    });
    await runRetention();
    for (const { sessionId, refreshToken } of [user, second]) {
      const listed = body.items.find(({ id }: { id: string }) => id === sessionId);
      expect(await findSession(sessionId)).toMatchObject({
        end_reason: 'admin',
        ended_by: admin.userId,
        ended_at: new Date(listed.endedAt),
      });
      const refreshed = await app.api.post('/auth/refresh', { refreshToken });
      expect(refreshed.body.code).toBe('auth.session_revoked');
    }
  });

  it('is no session that is live, and none that a cutoff exempts', async () => {
    const second = await signIn(app.api, user.email);
    await endOthers(app, user);
    const third = await signIn(app.api, user.email);
    await runRetention();
    expect((await findSession(user.sessionId))?.ended_at).toBeNull();
    expect((await findSession(third.sessionId))?.ended_at).toBeNull();
    expect((await findSession(second.sessionId))?.end_reason).toBe('logout_all');
    const { refreshToken } = user;
    expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('is a session that expired, but not before its last access token has', async () => {
    const { userId } = user;
    const idleSeconds = 604_800;
    const [longAgo] = await storeSessions(stores, {
      userId,
      count: 1,
      secondsAgo: idleSeconds + 2 * 3_600,
    });
    const [justNow] = await storeSessions(stores, {
      userId,
      count: 1,
      secondsAgo: idleSeconds + 60,
    });
    await runRetention();
    const expired = await findSession(longAgo ?? '');
    expect(expired?.end_reason).toBe('expired');
    expect(Date.now() - Number(expired?.ended_at)).toBeGreaterThan(7_000_000);
    expect((await findSession(justNow ?? ''))?.ended_at).toBeNull();
  });

  it('was not ended by a cutoff when it had expired before', async () => {
    const { userId } = user;
    const [old] = await storeSessions(stores, { userId, count: 1, secondsAgo: 700_000 });
    await endAll(user);
    await runRetention();
    expect((await findSession(old ?? ''))?.end_reason).toBe('expired');
    expect((await findSession(user.sessionId))?.end_reason).toBe('admin');
  });
});
