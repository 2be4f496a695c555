import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUp } from '../../../builders/accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const MOST = 3;

let stores: Stores;
/** Two instances: what one has started the other ends. */
let apps: [TestApp, TestApp];
beforeAll(async () => {
  stores = await createStores();
  const env = { SESSIONS_PER_USER_MAX: String(MOST) };
  apps = [await TestApp.start({ stores, env }), await TestApp.start({ stores, env })];
});
afterAll(async () => {
  for (const app of apps ?? []) await app.stop();
  await stores?.drop();
});

async function live(userId: string): Promise<string[]> {
  const rows = await stores.query<{ id: string }>(
    'SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id',
    [userId],
  );
  return rows.map(({ id }) => id);
}

describe('where a user may have a number of sessions at once', () => {
  it('one more ends the oldest, whose tokens are refused on the next request', async () => {
    const [{ api }] = apps;
    const first = await signUp(apps[0]);
    const others = [await signIn(api, first.email), await signIn(api, first.email)];
    expect((await api.get('/auth/me', { token: first.accessToken })).status).toBe(200);

    const last = await signIn(api, first.email);
    expect(await live(first.userId)).toEqual([...others, last].map(({ sessionId }) => sessionId));
    const me = await api.get('/auth/me', { token: first.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = first;
    expect((await api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    const [ended] = await stores.query(
      `SELECT reason, actor_id AS "actorId" FROM audit_events
       WHERE action = 'session.ended' AND target_id = $1`,
      [first.sessionId],
    );
    expect(ended).toEqual({ reason: 'session_limit', actorId: first.userId });
  });

  it('eight sign-ins at once on two instances leave as many as may be, and all of them answer', async () => {
    const { email, userId } = await signUp(apps[0]);
    const signedIn = await Promise.all(
      Array.from({ length: 8 }, (_, index) => signIn(apps[index % 2 ? 1 : 0].api, email)),
    );
    expect(new Set(signedIn.map(({ sessionId }) => sessionId)).size).toBe(8);
    expect(await live(userId)).toHaveLength(MOST);
  });

  it('nobody else’s sessions end, and what is over already counts for nothing', async () => {
    const [{ api }] = apps;
    const [one, other] = [await signUp(apps[0]), await signUp(apps[0])];
    const kept = await signIn(api, one.email);
    const over = await signIn(api, one.email);
    expect((await api.post('/auth/logout', {}, { token: over.accessToken })).status).toBe(204);
    const next = await signIn(api, one.email);
    const expected = [one, kept, next].map(({ sessionId }) => sessionId);
    expect(await live(one.userId)).toEqual(expected);
    expect(await live(other.userId)).toEqual([other.sessionId]);
  });
});
