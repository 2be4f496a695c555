import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import {
  age,
  countThefts,
  findSession,
  generationOf,
  refresh,
  rotate,
} from '../../../builders/sessions.js';
import { Instances } from '../../../support/instances.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

/** REFRESH_RECOVERY_SECONDS, as it is when nothing else is set. */
const RECOVERY = 3_600;
const AFTER_THE_GRACE = 30;
const INSTANCES = repeated({ quick: 2, full: 3 });

interface Loss extends SignedIn {
  /** Long replaced. */
  readonly older: string;
  /** The token that was presented last: all that its owner has. */
  readonly presented: string;
  /** The answer to it. */
  readonly lost: string;
}

async function lose(app: TestApp, seconds = AFTER_THE_GRACE): Promise<Loss> {
  const device = await signUp(app);
  const tokens = await rotate(app.api, device.refreshToken, 4);
  const [, older = '', presented = '', lost = ''] = tokens;
  await age(app.stores, device.sessionId, seconds);
  return { ...device, older, presented, lost };
}

describe('a refresh whose answer was lost with the app that waited for it', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const present = (refreshToken: string) => refresh(app.api, refreshToken);
  const expectTheft = async (refreshToken: string, { sessionId }: SignedIn) => {
    const { status, body } = await present(refreshToken);
    expect([status, body.code]).toEqual([401, 'auth.refresh_reused']);
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  };

  it.each([AFTER_THE_GRACE, RECOVERY - 60])(
    'is answered with the next generation %i s later, and the session goes on',
    async (seconds) => {
      const { presented, lost, sessionId } = await lose(app, seconds);

      const { status, body } = await present(presented);

      expect(status).toBe(200);
      expect(generationOf(body.refreshToken)).toBe(generationOf(lost) + 1);
      expect((await app.api.get('/auth/me', { token: body.accessToken })).status).toBe(200);
      await age(app.stores, sessionId, 900);
      expect(await rotate(app.api, body.refreshToken, 2)).toHaveLength(2);
      expect(await findSession(app.stores, sessionId)).toMatchObject({ endReason: null });
    },
  );

  it('is answered however often it is lost, until the recovery of the first use is over', async () => {
    const { presented, lost, ...device } = await lose(app, 0);
    const AWAY = 500;
    for (let times = 1; times * AWAY < RECOVERY; times++) {
      await age(app.stores, device.sessionId, AWAY);
      const { body } = await present(presented);
      expect(generationOf(body.refreshToken)).toBe(generationOf(lost) + times);
    }
    await age(app.stores, device.sessionId, AWAY);
    await expectTheft(presented, device);
  });

  it('is recovered again after the recovered token was presented', async () => {
    const { presented, sessionId } = await lose(app);
    const { body } = await present(presented);
    const [next = ''] = await rotate(app.api, body.refreshToken, 1);
    await age(app.stores, sessionId, AFTER_THE_GRACE);

    const again = await present(body.refreshToken);

    expect(again.status).toBe(200);
    expect(generationOf(again.body.refreshToken)).toBe(generationOf(next) + 1);
  });

  it('gives a retry of the recovery the same token, until its grace is over', async () => {
    const { presented, lost, sessionId } = await lose(app);
    const recovered = (await present(presented)).body.refreshToken;

    expect((await present(presented)).body.refreshToken).toBe(recovered);
    expect((await present(lost)).body.refreshToken).toBe(recovered);
    await age(app.stores, sessionId, 8);
    expect((await present(presented)).body.refreshToken).toBe(recovered);
  });

  it('finds the thief who replayed the token, at the owner’s next refresh', async () => {
    const { presented, lost: owners, ...device } = await lose(app);
    const thiefs = (await present(presented)).body;
    await age(app.stores, device.sessionId, AFTER_THE_GRACE);

    await expectTheft(owners, device);
    expect((await present(thiefs.refreshToken)).body.code).toBe('auth.session_revoked');
    expect((await app.api.get('/auth/me', { token: thiefs.accessToken })).body.code).toBe(
      'access.token_revoked',
    );
  });

  it('never brings back a skipped token by being lost again', async () => {
    const { presented, lost, ...device } = await lose(app);
    for (let times = 0; times < 2; times++) {
      await present(presented);
      await age(app.stores, device.sessionId, AFTER_THE_GRACE);
    }
    await present(presented);

    await expectTheft(lost, device);
  });

  it('is not what an older token than the one presented last has had', async () => {
    const { older, ...device } = await lose(app);
    await expectTheft(older, device);
  });

  it('is over with the recovery', async () => {
    const { presented, ...device } = await lose(app, RECOVERY);
    await expectTheft(presented, device);
  });

  it('starts the idle limit anew', async () => {
    const { presented, sessionId } = await lose(app, RECOVERY - 60);

    const { body } = await present(presented);

    expect(body.refreshExpiresIn).toBeGreaterThan(604_800 - 10);
    const { body: listed } = await app.api.get('/auth/sessions', { token: body.accessToken });
    expect(Date.now() - Date.parse(listed.items[0].lastUsedAt)).toBeLessThan(60_000);
    await age(app.stores, sessionId, 604_800 - 60);
    expect((await present(body.refreshToken)).status).toBe(200);
  });

  it('is marked in the audit trail with both sides, once an hour however often it is lost', async () => {
    const { presented, sessionId, userId } = await lose(app);
    for (let times = 0; times < 3; times++) {
      await present(presented);
      await age(app.stores, sessionId, AFTER_THE_GRACE);
    }

    const events = await app.stores.query(
      `SELECT action, outcome, details, anomalies FROM audit_events
       WHERE target_id = $1 AND action LIKE 'session.refresh%'`,
      [sessionId],
    );
    expect(events).toEqual([
      {
        action: 'session.refresh_recovered',
        outcome: 'success',
        details: { userId, lastIp: '127.0.0.1', lastUserAgent: 'node' },
        anomalies: [],
      },
    ]);
  });

  it('brings no session back that has ended', async () => {
    const { presented, accessToken } = await lose(app);
    await app.api.post('/auth/logout', undefined, { token: accessToken });

    expect((await present(presented)).body.code).toBe('auth.session_revoked');
  });
});

describe('a lost answer, with the recovery off', () => {
  it('is theft', async () => {
    await using app = await startTestApp({ REFRESH_RECOVERY_SECONDS: '0' });
    const { presented, sessionId } = await lose(app);

    expect((await refresh(app.api, presented)).body.code).toBe('auth.refresh_reused');
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  });
});

describe('a lost answer, with the grace off', () => {
  it('is recovered at once, and what it skips is theft at once', async () => {
    await using app = await startTestApp({ REFRESH_GRACE_SECONDS: '0' });
    const { presented, lost, sessionId } = await lose(app, 0);

    const { body } = await refresh(app.api, presented);

    expect(generationOf(body.refreshToken)).toBe(generationOf(lost) + 1);
    expect((await refresh(app.api, lost)).body.code).toBe('auth.refresh_reused');
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  });
});

describe(`fifty callers who have all lost the same answer, on ${INSTANCES} instances`, () => {
  let instances: Instances;
  beforeAll(async () => {
    instances = await Instances.start(...Array(INSTANCES).fill({}));
  });
  afterAll(async () => instances.stop());

  it('end up with one live current token', async () => {
    const { app } = instances.at(0);
    for (let round = 0; round < repeated({ quick: 2, full: 5 }); round++) {
      const { presented, lost, sessionId } = await lose(app);

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, caller) => instances.at(caller).client.refresh(presented)),
      );

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const [current = '', ...others] = new Set(answers.map(({ body }) => body.refreshToken));
      expect(others).toEqual([]);
      expect(generationOf(current)).toBe(generationOf(lost) + 1);
      await age(app.stores, sessionId, AFTER_THE_GRACE);
      expect((await refresh(app.api, current)).status).toBe(200);
      expect(await countThefts(app.stores, sessionId)).toBe(0);
    }
  });
});
