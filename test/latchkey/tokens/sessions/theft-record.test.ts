import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { age, countThefts, findSession, refresh } from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

const AFTER_THE_GRACE_SECONDS = 30;
const OWNER = { 'User-Agent': 'Owner/1.0', 'X-Forwarded-For': '203.0.113.7' };
const THIEF = { 'User-Agent': 'Thief/6.6', 'X-Forwarded-For': '2001:db8::bad' };

describe('a stolen refresh token', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  async function steal(): Promise<SignedIn> {
    const device = await signUp(app);
    const { body } = await refresh(app.api, device.refreshToken, { headers: OWNER });
    await refresh(app.api, body.refreshToken, { headers: OWNER });
    await age(app.stores, device.sessionId, AFTER_THE_GRACE_SECONDS);
    return device;
  }

  it('leaves one audit event with the address and user agent of both sides', async () => {
    const { userId, sessionId, refreshToken } = await steal();

    await refresh(app.api, refreshToken, { headers: THIEF });

    const events = await app.stores.query(
      `SELECT host(ip) AS ip, user_agent, reason, details FROM audit_events
       WHERE action = 'session.refresh_reused' AND target_id = $1`,
      [sessionId],
    );
    expect(events).toEqual([
      {
        ip: '2001:db8::bad',
        user_agent: 'Thief/6.6',
        reason: 'refresh_reused',
        details: { userId, lastIp: '203.0.113.7', lastUserAgent: 'Owner/1.0' },
      },
    ]);
  });

  it('is recorded once, however often and however many at once present it', async () => {
    const { sessionId, refreshToken } = await steal();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(app.api, refreshToken)),
    );
    const later = await refresh(app.api, refreshToken);

    const codes = answers.map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'auth.refresh_reused')).toHaveLength(1);
    expect(codes.filter((code) => code === 'auth.session_revoked')).toHaveLength(19);
    expect(later.body.code).toBe('auth.session_revoked');
    expect(await countThefts(app.stores, sessionId)).toBe(1);
  });

  it('ends the session although the request that says so fails', async () => {
    const { sessionId, refreshToken } = await steal();

    expect((await refresh(app.api, refreshToken)).status).toBe(401);

    expect(await findSession(app.stores, sessionId)).toMatchObject({
      endReason: 'refresh_reused',
      endedAt: expect.any(Date),
    });
  });

  it('gives nothing away in the answer', async () => {
    const { refreshToken } = await steal();

    const { body, headers } = await refresh(app.api, refreshToken);

    expect(Object.keys(body).sort()).toEqual(['code', 'requestId', 'status', 'title', 'type']);
    expect(headers.get('set-cookie')).toBeNull();
  });
});
