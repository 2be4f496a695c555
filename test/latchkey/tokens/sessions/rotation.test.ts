import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUp } from '../../../builders/accounts.js';
import {
  age,
  countThefts,
  findSession,
  generationOf,
  refresh,
  rotate,
} from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

/** REFRESH_GRACE_SECONDS, as it is when nothing else is set. */
const GRACE = 10;

describe('the rotation of refresh tokens', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const present = (refreshToken: string) => refresh(app.api, refreshToken);

  describe('the current token', () => {
    it('gives the next generation, with a new access token for the same session', async () => {
      const device = await signUp(app);

      const { status, body } = await present(device.refreshToken);

      expect(status).toBe(200);
      expect(body).toMatchObject({ sessionId: device.sessionId, user: { id: device.userId } });
      expect(body.accessToken).not.toBe(device.accessToken);
      expect(generationOf(body.refreshToken)).toBe(generationOf(device.refreshToken) + 1);
      expect(await app.api.get('/auth/me', { token: body.accessToken })).toMatchObject({
        status: 200,
        body: { userId: device.userId, sessionId: device.sessionId },
      });
    });

    it('stays current however often it fails to reach the client', async () => {
      const { refreshToken, sessionId } = await signUp(app);
      await age(app.stores, sessionId, 6 * 86_400);

      expect((await present(refreshToken)).status).toBe(200);
    });
  });

  describe('a token superseded within the grace', () => {
    it.each([0, 5, 9])(
      'gives the current token %i s later and changes nothing',
      async (seconds) => {
        const { refreshToken, sessionId } = await signUp(app);
        const [current] = await rotate(app.api, refreshToken, 1);
        await age(app.stores, sessionId, seconds);
        const before = await app.stores.query('SELECT * FROM sessions WHERE id = $1', [sessionId]);

        const retry = await present(refreshToken);

        expect(retry).toMatchObject({ status: 200, body: { refreshToken: current } });
        expect(await app.stores.query('SELECT * FROM sessions WHERE id = $1', [sessionId])).toEqual(
          before,
        );
        expect(await app.api.get('/auth/me', { token: retry.body.accessToken })).toMatchObject({
          status: 200,
        });
      },
    );

    it('gives the current token through a burst of rotations', async () => {
      const { refreshToken } = await signUp(app);
      const tokens = [refreshToken, ...(await rotate(app.api, refreshToken, 6))];

      for (const token of tokens.slice(0, -1)) {
        expect((await present(token)).body.refreshToken).toBe(tokens.at(-1));
      }
    });

    it('is tolerated from when it was itself superseded, whatever happened before and after', async () => {
      const { refreshToken, sessionId } = await signUp(app);
      const [second = ''] = await rotate(app.api, refreshToken, 1);
      await age(app.stores, sessionId, GRACE - 1);
      const [third = ''] = await rotate(app.api, second, 1);
      await age(app.stores, sessionId, GRACE / 2);
      const [fourth] = await rotate(app.api, third, 1);
      await age(app.stores, sessionId, GRACE / 2 - 1);

      expect((await present(second)).body.refreshToken).toBe(fourth);
      expect((await present(third)).body.refreshToken).toBe(fourth);
    });

    it('does not restart its grace by being presented', async () => {
      const { refreshToken, sessionId } = await signUp(app);
      await rotate(app.api, refreshToken, 2);
      for (let passed = 0; passed < 3 * GRACE; passed += GRACE - 1) {
        await present(refreshToken);
        await age(app.stores, sessionId, GRACE - 1);
      }

      expect(await present(refreshToken)).toMatchObject({ status: 401 });
      expect(await findSession(app.stores, sessionId)).toMatchObject({
        endReason: 'refresh_reused',
      });
    });
  });

  describe('a token superseded three graces ago or more, and not the one presented last', () => {
    it.each([
      ['right after', 3 * GRACE],
      ['days after', 3 * 86_400],
    ])('ends the session, whoever presents it %s', async (_when, seconds) => {
      const device = await signUp(app);
      const [second = ''] = await rotate(app.api, device.refreshToken, 1);
      const current = await present(second);
      await age(app.stores, device.sessionId, seconds);

      const theft = await present(device.refreshToken);

      expect(theft).toMatchObject({ status: 401, body: { code: 'auth.refresh_reused' } });
      expect(await present(current.body.refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'auth.session_revoked' },
      });
      for (const token of [device.accessToken, current.body.accessToken]) {
        expect(await app.api.get('/auth/me', { token })).toMatchObject({
          status: 401,
          body: { code: 'access.token_revoked' },
        });
      }
    });

    it('is theft also when the tokens after it are still tolerated', async () => {
      const { refreshToken, sessionId } = await signUp(app);
      const [second = ''] = await rotate(app.api, refreshToken, 1);
      await age(app.stores, sessionId, 3 * GRACE);
      const [third] = await rotate(app.api, second, 1);

      expect((await present(second)).body.refreshToken).toBe(third);
      expect((await present(refreshToken)).body.code).toBe('auth.refresh_reused');
    });

    it('leaves the user’s other devices signed in', async () => {
      const stolen = await signUp(app);
      const other = await signIn(app.api, stolen.email);
      await rotate(app.api, stolen.refreshToken, 2);
      await age(app.stores, stolen.sessionId, 3 * GRACE);

      expect((await present(stolen.refreshToken)).body.code).toBe('auth.refresh_reused');

      expect((await app.api.get('/auth/me', { token: other.accessToken })).status).toBe(200);
      expect((await present(other.refreshToken)).status).toBe(200);
    });
  });
});

describe('rotation with the grace and the recovery off', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp({ REFRESH_GRACE_SECONDS: '0', REFRESH_RECOVERY_SECONDS: '0' });
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('takes a superseded token for theft at once', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    const [current = ''] = await rotate(app.api, refreshToken, 1);

    expect((await refresh(app.api, refreshToken)).body.code).toBe('auth.refresh_reused');
    expect((await refresh(app.api, current)).body.code).toBe('auth.session_revoked');
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  });

  it('takes two callers with one token for theft', async () => {
    const { refreshToken, sessionId } = await signUp(app);

    const answers = await Promise.all([1, 2, 3].map(() => refresh(app.api, refreshToken)));

    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  });
});
