import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnnouncedEvent } from '../../../src/latchkey/audit/recorded-event.js';
import {
  PASSWORD,
  type SignedIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { startTestApp } from '../../support/test-app.js';
import { storedEvents } from './stored-events.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let user: SignedIn;

beforeAll(async () => {
  app = await startTestApp({
    TRUSTED_PROXIES: '127.0.0.1',
    THROTTLING: 'off',
    // So that nothing but the sign-in itself speaks to Postgres.
    REVOCATION_POLL_SECONDS: '3600',
    REVOCATION_ON_OUTAGE: 'open',
  });
});
beforeEach(async () => {
  user = await signUp(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const LAPTOP = {
  'User-Agent': 'Mozilla/5.0 (X11) Firefox/140.0',
  'X-Forwarded-For': '198.51.100.7',
};

function logIn(headers: Record<string, string> = {}, password = PASSWORD) {
  return app.api.post('/auth/login', { email: user.email, password }, { headers });
}

/** How the sign-in is marked that this makes. */
async function marksOf(headers?: Record<string, string>): Promise<readonly string[]> {
  expect((await logIn(headers)).status).toBe(200);
  const started = await storedEvents(app.stores, 'session.started');
  return started.filter(({ actor_id }) => actor_id === user.userId).at(-1)?.anomalies ?? [];
}

async function fail(times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    expect((await logIn({}, `${PASSWORD}!`)).status).toBe(401);
  }
}

describe('a sign-in from a device that its user has not used', () => {
  it('is marked, once', async () => {
    expect(await marksOf(LAPTOP)).toEqual(['new_device']);
    expect(await marksOf(LAPTOP)).toEqual([]);
  });

  it('is not the first sign-in of all', async () => {
    const [first] = (await storedEvents(app.stores, 'session.started')).slice(-1);
    expect(first).toMatchObject({ actor_id: user.userId, anomalies: [] });
  });

  it.each([
    ['the same in another version', 'User-Agent', 'Mozilla/5.0 (X11) Firefox/141.0.2', []],
    ['other software', 'User-Agent', 'curl/8.0', ['new_device']],
    ['no name at all', 'User-Agent', '', ['new_device']],
    ['the same network', 'X-Forwarded-For', '198.51.100.201', []],
    ['the network beside it', 'X-Forwarded-For', '198.51.101.7', ['new_device']],
    ['another kind of network', 'X-Forwarded-For', '2001:db8:7::1', ['new_device']],
  ])('is told by software and network: %s', async (_, header, value, marks) => {
    await logIn(LAPTOP);
    expect(await marksOf({ ...LAPTOP, [header]: value })).toEqual(marks);
  });

  it('is told by the first 48 bits of an IPv6 address', async () => {
    await logIn({ 'X-Forwarded-For': '2001:db8:7:1::1' });
    expect(await marksOf({ 'X-Forwarded-For': '2001:db8:7:2::2' })).toEqual([]);
    expect(await marksOf({ 'X-Forwarded-For': '2001:db8:8:1::1' })).toEqual(['new_device']);
  });

  it('is one also where somebody else is known', async () => {
    const other = user;
    await logIn(LAPTOP);
    user = await signUp(app);
    expect(user.userId).not.toBe(other.userId);
    expect(await marksOf(LAPTOP)).toEqual(['new_device']);
  });

  it('is one also when every earlier session has been removed', async () => {
    await app.stores.query('DELETE FROM sessions WHERE user_id = $1', [user.userId]);
    expect(await marksOf(LAPTOP)).toEqual(['new_device']);
  });
});

describe('a sign-in after many failures', () => {
  it('is marked when they are five, and the next one is not', async () => {
    await fail(4);
    expect(await marksOf()).toEqual([]);
    await fail(5);
    expect(await marksOf()).toEqual(['failures_before_success']);
    expect(await marksOf()).toEqual([]);
  });

  it('is not marked for those before a success', async () => {
    await fail(3);
    await logIn();
    await fail(3);
    expect(await marksOf()).toEqual([]);
  });

  it('is not marked for those of somebody else', async () => {
    await fail(9);
    user = await signUp(app);
    expect(await marksOf()).toEqual([]);
  });

  it.each([
    [59, ['failures_before_success']],
    [61, []],
  ])('is told by the last hour: those of %i minutes ago', async (minutes, marks) => {
    const email = uniqueEmail();
    const { body } = await app.api.post('/auth/register', { email, password: PASSWORD });
    user = { ...user, email, userId: body.user.id };
    await app.stores.query(
      `INSERT INTO audit_events (id, action, outcome, target_type, target_id)
       SELECT (lpad(to_hex(floor(extract(epoch FROM now() - make_interval(mins => $2)) * 1000)::bigint),
           12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid,
         'sign_in.failed', 'failure', 'user', $1 FROM generate_series(1, 9) AS number`,
      [user.userId, minutes],
    );
    expect(await marksOf()).toEqual(marks);
  });

  it('may be one from a new device as well', async () => {
    await fail(5);
    expect(await marksOf(LAPTOP)).toEqual(['new_device', 'failures_before_success']);
  });
});

describe('marks', () => {
  it('are heard by listeners, and found by admins', async () => {
    const heard: AnnouncedEvent[] = [];
    app.nest.get(EventEmitter2, { strict: false }).on('session.started', (event) => {
      heard.push(event);
    });
    const admin = await signUpAdmin(app);
    const { body } = await logIn(LAPTOP);
    expect(heard.map(({ anomalies }) => anomalies)).toEqual([[], ['new_device']]);
    const { items } = (
      await app.api.get(`/admin/audit-events?anomaly=new_device&actorId=${user.userId}`, {
        token: admin.accessToken,
      })
    ).body;
    expect(items).toMatchObject([{ targetId: body.sessionId, anomalies: ['new_device'] }]);
  });

  it('cost no statement of their own, and nothing before the password was right', async () => {
    // What the service does by the clock may fall into a try, but not into each.
    await eventually(
      async () => {
        const right = await recordStatements(() => logIn());
        const wrong = await recordStatements(() => logIn({}, `${PASSWORD}!`));
        const verbs = right.map((sql) => sql.trim().split(/\s/, 1)[0]);
        const secondFactors = ['SELECT', 'SELECT'];
        const session = ['INSERT', 'INSERT', 'SELECT'];
        expect(verbs).toEqual([
          'SELECT',
          'START',
          'SELECT',
          ...secondFactors,
          ...session,
          'COMMIT',
        ]);
        expect(wrong).toHaveLength(2);
        expect(wrong.join()).not.toContain('earlier');
      },
      { within: 20 },
    );
  });
});
