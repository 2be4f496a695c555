import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { startTestApp } from '../../../support/test-app.js';

describe('GET /metrics', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('counts what happened and tells how current revocation is, and names nobody', async () => {
    const { email, userId, accessToken } = await signUp(app);
    await app.api.get('/auth/me', { token: accessToken });

    const { status, headers, text } = await app.api.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /latchkey_audit_events_total\{action="user.registered",outcome="success"\} 1/,
    );
    expect(text).toMatch(
      /latchkey_request_duration_seconds_count\{[^}]*route="\/auth\/me"[^}]*\} 1/,
    );
    expect(text).toMatch(/latchkey_revocation_overdue 0/);
    expect(text).toMatch(/latchkey_revocation_redis_up 1/);
    for (const secret of [email, userId, accessToken]) expect(text).not.toContain(secret);
  });

  it('tells how long scheduled jobs have taken, not when they ran', async () => {
    const { text } = await app.api.get('/metrics');
    const took = [...text.matchAll(/^latchkey_job_run_seconds_total\{.*\} (.*)$/gm)];
    expect(took.length).toBeGreaterThan(0);
    for (const [line, seconds] of took) expect(Number(seconds), line).toBeLessThan(3_600);
  });

  it('labels unknown paths alike, so that no client can grow it', async () => {
    await app.api.get('/no/such/route-1');
    await app.api.get('/no/such/route-2');
    const { text } = await app.api.get('/metrics');
    expect(text).not.toContain('no/such');
  });
});
