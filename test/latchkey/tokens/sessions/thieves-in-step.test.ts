import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { headersOf, type Place, TRUST_LOOPBACK } from '../../../builders/places.js';
import { refresh } from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

const OWNER: Place = { ip: '203.0.113.7', userAgent: 'Phone/1.0 (Owner)' };
const THIEF: Place = { ip: '198.51.100.66', userAgent: 'curl/8.5.0' };
const OWNER_BY_IPV6: Place = { ...OWNER, ip: '2001:db8:1:2::7' };

describe('a token that was just replaced, presented by somebody else', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp(TRUST_LOOPBACK);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const presentFrom = (place: Place, { refreshToken }: SignedIn) =>
    refresh(app.api, refreshToken, { headers: headersOf(place) });

  const recorded = ({ sessionId }: SignedIn) =>
    app.stores.query(
      `SELECT host(ip) AS ip, user_agent, details, anomalies FROM audit_events
       WHERE action = 'session.refresh_repeated' AND target_id = $1`,
      [sessionId],
    );

  it.each<[string, Place, Place]>([
    ['who comes after the owner', OWNER, THIEF],
    ['who comes before the owner', THIEF, OWNER],
    ['at another address with the same software', OWNER, { ...OWNER, ip: '203.0.113.8' }],
    ['at the owner’s address with other software', OWNER, { ...OWNER, userAgent: 'curl/8.5.0' }],
    ['without a user agent', OWNER, { ip: OWNER.ip, userAgent: '' }],
    ['in another /64', OWNER_BY_IPV6, { ...OWNER, ip: '2001:db8:1:3::7' }],
  ])('is an anomaly: %s', async (_who, first, second) => {
    const device = await signUp(app);
    await presentFrom(first, device);

    expect((await presentFrom(second, device)).status).toBe(200);

    expect(await recorded(device)).toEqual([
      {
        ip: second.ip,
        user_agent: second.userAgent || null,
        details: { userId: device.userId, lastIp: first.ip, lastUserAgent: first.userAgent },
        anomalies: ['refresh_elsewhere'],
      },
    ]);
  });

  it.each<[string, Place, Place]>([
    ['the owner’s own retry', OWNER, OWNER],
    ['after an update', OWNER, { ...OWNER, userAgent: 'Phone/1.1 (Owner)' }],
    ['in the same /64', OWNER_BY_IPV6, { ...OWNER, ip: '2001:db8:1:2:ffff::1' }],
    ['by IPv4 written as IPv6', OWNER, { ...OWNER, ip: '::ffff:203.0.113.7' }],
  ])('is none: %s', async (_what, first, second) => {
    const device = await signUp(app);
    await presentFrom(first, device);

    expect((await presentFrom(second, device)).status).toBe(200);

    expect(await recorded(device)).toEqual([]);
  });

  it('is recorded once an hour a session, however many at once', async () => {
    const device = await signUp(app);
    const other = await signUp(app);
    await presentFrom(OWNER, device);
    await presentFrom(OWNER, other);

    await Promise.all(Array.from({ length: 20 }, () => presentFrom(THIEF, device)));
    await presentFrom({ ...THIEF, ip: '198.51.100.67' }, device);
    await presentFrom(THIEF, other);

    expect(await recorded(device)).toHaveLength(1);
    expect(await recorded(other)).toHaveLength(1);
  });

  it('is recorded again after an hour', async () => {
    const device = await signUp(app);
    await app.stores.query(
      `INSERT INTO audit_events (id, action, outcome, target_type, target_id, anomalies)
       SELECT (lpad(to_hex(floor(extract(epoch FROM clock_timestamp() - interval '61 minutes')
         * 1000)::bigint), 12, '0') || '70008000' || repeat('0', 12))::uuid,
         'session.refresh_repeated', 'success', 'session', $1, '{refresh_elsewhere}'`,
      [device.sessionId],
    );
    await presentFrom(OWNER, device);
    await presentFrom(THIEF, device);

    expect(await recorded(device)).toHaveLength(2);
  });

  it('is recorded of two who present the current token at once', async () => {
    const device = await signUp(app);

    await Promise.all([presentFrom(OWNER, device), presentFrom(THIEF, device)]);

    expect(await recorded(device)).toHaveLength(1);
  });
});
