import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerOf } from '../../../builders/access-tokens.js';
import {
  createRole,
  type SignedIn,
  signIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { ageKeys, listKeys, lookAfterKeys, publishedKids } from '../../../builders/signing-keys.js';
import { eventually } from '../../../support/eventually.js';
import { GuardedTraffic } from '../../../support/guarded-traffic.js';
import { Instances } from '../../../support/instances.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { createStores } from '../../../support/stores.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated, sampled } from '../../../support/test-depth.js';
import { storedEvents } from '../../audit/stored-events.js';

const PUBLISHED_LONG_ENOUGH = 331;
const LAST_TOKEN_EXPIRED = 3_700;
const DAY = 86_400;
const INSTANCES = repeated({ quick: 2, full: 3 });
const ROTATIONS = repeated({ quick: 4, full: 10 });
/** The first by keys that are made in no time. */
const CHANGES = [
  ['HS256', 'ES256'],
  ['ES256', 'PS256'],
  ['ES256', 'HS256'],
  ['HS256', 'RS256'],
] as const;

const kidOf = (token: string) => String(headerOf(token).kid);

describe('rotation of the signing keys', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let admin: SignedIn;

  beforeAll(async () => {
    app = await startTestApp();
    admin = await signUpAdmin(app);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const rotate = (body?: unknown) =>
    app.api.post('/admin/keys/rotate', body, { token: admin.accessToken });
  const statusOf = async (token: string) => (await app.api.get('/auth/me', { token })).status;

  it('refuses to sign with a key that verifiers may not know yet', async () => {
    await ageKeys(app.stores, PUBLISHED_LONG_ENOUGH - 30);
    const before = await listKeys(app.api, admin);
    expect(before.map(({ status }) => status).sort()).toEqual(['current', 'next']);

    const answer = await rotate();
    expect(refusalOf(answer)).toEqual(refused(409, 'keys.next_too_new'));
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30);
    expect(await listKeys(app.api, admin)).toEqual(before);
    expect(await storedEvents(app.stores, 'key.rotated')).toEqual([]);
  });

  it('signs with the key that has been published before; the former one goes on verifying', async () => {
    const [former, next] = [kidOf(admin.accessToken), (await nextKey())?.kid];
    await ageKeys(app.stores, PUBLISHED_LONG_ENOUGH);
    const answer = await rotate();
    expect([answer.status, answer.body]).toMatchObject([200, { kid: next, status: 'current' }]);

    const { accessToken } = await signIn(app.api, admin.email);
    expect(kidOf(accessToken)).toBe(next);
    for (const token of [admin.accessToken, accessToken]) expect(await statusOf(token)).toBe(200);

    const keys = await listKeys(app.api, admin);
    expect(keys.map(({ status }) => status)).toEqual(
      expect.arrayContaining(['retired', 'current', 'next']),
    );
    expect(keys.find(({ kid }) => kid === former)?.status).toBe('retired');
    expect(await publishedKids(app.api)).toEqual(keys.map(({ kid }) => kid).sort());
    expect(await storedEvents(app.stores, 'key.rotated')).toMatchObject([
      { actor_id: admin.userId, target_id: next, details: { former, forced: false } },
    ]);
  });

  it('keeps nothing of a retired key that could sign, and shows nothing private of any', async () => {
    const rows = await app.stores.query<{ status: string; kept: boolean }>(
      `SELECT status, encrypted_private_key IS NOT NULL AS kept FROM signing_keys
       WHERE status <> 'next' ORDER BY status`,
    );
    expect(rows).toEqual([
      { status: 'current', kept: true },
      { status: 'retired', kept: false },
    ]);
    const [key] = await listKeys(app.api, admin);
    expect(Object.keys(key ?? {}).sort()).toEqual([
      'algorithm',
      'createdAt',
      'kid',
      'purpose',
      'status',
      'statusChangedAt',
    ]);
  });

  it('lets go of a retired key once its last token has expired, remembered tokens included', async () => {
    const old = admin.accessToken;
    expect(await statusOf(old)).toBe(200);
    await ageKeys(app.stores, LAST_TOKEN_EXPIRED);
    await lookAfterKeys(app);
    expect(await publishedKids(app.api)).not.toContain(kidOf(old));
    const answer = await app.api.get('/auth/me', { token: old });
    expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
    admin = await signIn(app.api, admin.email);
  });

  it('lets a key sign that has just been published when it is forced to', async () => {
    await rotate({ force: true });
    const next = (await nextKey())?.kid;
    expect((await rotate({ force: true })).body).toMatchObject({ kid: next, status: 'current' });
  });

  it('is refused without its permission, and with a body that is not right', async () => {
    expect(refusalOf(await rotate({ force: 'yes' }))).toEqual(invalid('force'));
    expect(refusalOf(await rotate({ now: true }))).toEqual(invalid('now'));
    await createRole(app, admin, 'key-reader', ['keys:read']);
    const { accessToken: token } = await signUpWithRoles(app, admin, ['key-reader']);
    const answer = await app.api.post('/admin/keys/rotate', { force: true }, { token });
    expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
    expect((await app.api.get('/admin/keys', { token })).status).toBe(200);
  });

  async function nextKey() {
    return (await listKeys(app.api, admin)).find(({ status }) => status === 'next');
  }
});

it('rotates by itself when a key has signed for its time, once for all instances', async () => {
  const days = { SIGNING_KEY_ROTATION_DAYS: '7' };
  const instances = await Instances.start(days, days);
  const apps = instances.all.map(({ app }) => app);
  const admin = await signUpAdmin(instances.at(0).app);

  await ageKeys(instances.stores, 6.9 * DAY);
  await Promise.all(apps.map(lookAfterKeys));
  expect(await storedEvents(instances.stores, 'key.rotated')).toEqual([]);

  await ageKeys(instances.stores, 0.2 * DAY);
  await Promise.all(apps.map(lookAfterKeys));
  await Promise.all(apps.map(lookAfterKeys));
  expect(await storedEvents(instances.stores, 'key.rotated')).toHaveLength(1);
  for (const { api } of apps) {
    await eventually(
      async () => {
        const { accessToken } = await signIn(api, admin.email);
        expect(kidOf(accessToken)).not.toBe(kidOf(admin.accessToken));
      },
      { within: 5 },
    );
    expect((await api.get('/auth/me', { token: admin.accessToken })).status).toBe(200);
  }
  await instances.stop();
});

it('waits for longer where an instance may hear of a key later', async () => {
  await using app = await startTestApp({ REDIS_URL: '', REVOCATION_POLL_SECONDS: '3600' });
  const { accessToken: token } = await signUpAdmin(app);
  const rotate = () => app.api.post('/admin/keys/rotate', undefined, { token });
  await ageKeys(app.stores, PUBLISHED_LONG_ENOUGH);
  const early = await rotate();
  expect(refusalOf(early)).toEqual(refused(409, 'keys.next_too_new'));
  await ageKeys(app.stores, Number(early.headers.get('retry-after')));
  expect((await rotate()).status).toBe(200);
});

it(`refuses no valid token on any instance through ${ROTATIONS} rotations, even forced ones`, async () => {
  const instances = await Instances.start(...Array(INSTANCES).fill({}));
  const { app } = instances.at(0);
  let session = await signUpAdmin(app);
  const traffic = new GuardedTraffic(
    instances.all.map((instance) => instance.app.origin),
    { acceptedMilliseconds: 0, requestMilliseconds: Number.POSITIVE_INFINITY },
  );
  traffic.accept(session.accessToken);
  traffic.start();

  const kids = new Set<string>();
  for (let rotation = 0; rotation < ROTATIONS; rotation++) {
    const at = instances.at(rotation).app.api;
    const options = { token: session.accessToken };
    expect((await at.post('/admin/keys/rotate', { force: true }, options)).status).toBe(200);
    session = await signIn(at, session.email);
    kids.add(kidOf(session.accessToken));
    // At once, at instances that may not have heard of the key.
    traffic.accept(session.accessToken);
    for (const { app: other } of instances.all) {
      const answer = await other.api.get('/auth/me', { token: session.accessToken });
      expect(answer.status).toBe(200);
    }
  }
  await traffic.stop();
  expect(kids.size).toBe(ROTATIONS);
  expect(traffic.violations()).toEqual([]);
  expect(traffic.count).toBeGreaterThan(5 * ROTATIONS);
  await instances.stop();
});

describe('with SIGNING_KEY_ROTATION_DAYS=0 and a shared secret', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp({ JWT_ALGORITHM: 'HS256', SIGNING_KEY_ROTATION_DAYS: '0' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('never rotates by itself when the setting says so', async () => {
    await ageKeys(app.stores, 10_000 * DAY);
    await lookAfterKeys(app);
    expect(await storedEvents(app.stores, 'key.rotated')).toEqual([]);
  });

  it('keeps a shared secret for as long as it verifies, and then nothing of it', async () => {
    const { accessToken: token } = await signUpAdmin(app);
    await app.api.post('/admin/keys/rotate', { force: true }, { token });
    const kept = async () => {
      await lookAfterKeys(app);
      return app.stores.query(
        `SELECT encrypted_private_key IS NOT NULL AS kept FROM signing_keys WHERE kid = $1`,
        [kidOf(token)],
      );
    };
    await ageKeys(app.stores, 3_600);
    expect(await kept()).toEqual([{ kept: true }]);
    await ageKeys(app.stores, LAST_TOKEN_EXPIRED - 3_600);
    expect(await kept()).toEqual([{ kept: false }]);
  });
});

describe('a change of JWT_ALGORITHM', () => {
  it.each(sampled(CHANGES, { oneIn: CHANGES.length }))(
    'from %s to %s publishes before it signs, and both verify meanwhile',
    async (from, to) => {
      const stores = await createStores();
      const before = await TestApp.start({ stores, env: { JWT_ALGORITHM: from } });
      const admin = await signUpAdmin(before);
      await before.stop();

      const after = await TestApp.start({ stores, env: { JWT_ALGORITHM: to } });
      const algorithmNow = async () =>
        headerOf((await signIn(after.api, admin.email)).accessToken).alg;
      await lookAfterKeys(after);
      expect(await algorithmNow()).toBe(from);
      const next = (await listKeys(after.api, admin)).find(({ status }) => status === 'next');
      expect(next?.algorithm).toBe(to);
      if (to !== 'HS256') expect(await publishedKids(after.api)).toContain(next?.kid);

      await ageKeys(stores, PUBLISHED_LONG_ENOUGH);
      await lookAfterKeys(after);
      expect(await algorithmNow()).toBe(to);
      const { accessToken: token } = await signIn(after.api, admin.email);
      for (const one of [admin.accessToken, token]) {
        expect((await after.api.get('/auth/me', { token: one })).status).toBe(200);
      }
      await after.stop();
      await stores.drop();
    },
  );
});
