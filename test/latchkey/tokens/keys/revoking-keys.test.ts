import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge, headerOf, signerOf, signToken } from '../../../builders/access-tokens.js';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { addKeyUnheard, listKeys, publishedKids } from '../../../builders/signing-keys.js';
import type { ApiClient } from '../../../support/api-client.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { createStores } from '../../../support/stores.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { storedEvents } from '../../audit/stored-events.js';

/** In each an instance waits until it may look into the database again. */
const ROUNDS = repeated({ quick: 1, full: 3 });
const STALE = refused(401, 'access.token_stale');
const kidOf = (token: string) => String(headerOf(token).kid);
const present = (api: ApiClient, token: string) => api.get('/auth/me', { token });

function revoke(api: ApiClient, admin: SignedIn, kid: string, body?: unknown) {
  return api.post(`/admin/keys/${kid}/revoke`, body, { token: admin.accessToken });
}

describe('a revoked signing key', () => {
  let instances: Instances;
  let admin: SignedIn;

  beforeAll(async () => {
    instances = await Instances.start({}, {});
    admin = await signUpAdmin(instances.at(0).app);
  });
  afterAll(async () => {
    await instances.stop();
  });

  it('is refused by all that it signed, everywhere, and nobody is signed out', async () => {
    const [here, there] = [instances.at(0).app, instances.at(1).app];
    const user = await signUp(here);
    const thief = signerOf(here);
    const stolen = kidOf(user.accessToken);
    // Remembered by one instance, never seen by the other.
    expect((await present(here.api, user.accessToken)).status).toBe(200);

    const answer = await revoke(here.api, admin, stolen, { reason: 'A backup was stolen.' });
    expect([answer.status, answer.body]).toMatchObject([200, { kid: stolen, status: 'revoked' }]);
    const forged = signToken(thief, claimsOf(user.accessToken));
    for (const token of [user.accessToken, forged]) {
      expect(refusalOf(await present(here.api, token))).toEqual(STALE);
    }
    expect(await publishedKids(here.api)).not.toContain(stolen);
    await eventually(
      async () => {
        for (const token of [user.accessToken, forged]) {
          expect(refusalOf(await present(there.api, token))).toEqual(STALE);
        }
        expect(await publishedKids(there.api)).toEqual(await publishedKids(here.api));
      },
      { within: 1 },
    );

    const { refreshToken } = user;
    const refreshed = await there.api.post('/auth/refresh', { refreshToken });
    expect([refreshed.status, refreshed.body.sessionId]).toEqual([200, user.sessionId]);
    expect(kidOf(refreshed.body.accessToken)).not.toBe(stolen);
    for (const { app } of instances.all) {
      expect((await present(app.api, refreshed.body.accessToken)).status).toBe(200);
    }

    admin = await signIn(here.api, admin.email);
    expect(await storedEvents(instances.stores, 'key.revoked')).toMatchObject([
      {
        actor_id: admin.userId,
        target_id: stolen,
        reason: 'A backup was stolen.',
        details: { formerStatus: 'current' },
      },
    ]);
    const [kept] = await instances.stores.query(
      'SELECT encrypted_private_key FROM signing_keys WHERE kid = $1',
      [stolen],
    );
    expect(kept).toEqual({ encrypted_private_key: null });
  });

  it('that signed before the present one is refused everywhere as well', async () => {
    const [here, there] = [instances.at(0).app, instances.at(1).app];
    const { accessToken } = await signUp(here);
    await here.api.post('/admin/keys/rotate', { force: true }, { token: admin.accessToken });
    admin = await signIn(here.api, admin.email);
    expect((await present(there.api, accessToken)).status).toBe(200);
    await revoke(here.api, admin, kidOf(accessToken));
    expect(refusalOf(await present(here.api, accessToken))).toEqual(STALE);
    await eventually(
      async () => expect(refusalOf(await present(there.api, accessToken))).toEqual(STALE),
      { within: 1 },
    );
  });

  it('that was to sign next is replaced before it could', async () => {
    const { app } = instances.at(0);
    const before = await listKeys(app.api, admin);
    const next = before.find(({ status }) => status === 'next')?.kid ?? '';
    expect((await revoke(app.api, admin, next)).status).toBe(200);
    const after = await listKeys(app.api, admin);
    const [replacement] = after.filter(({ status }) => status === 'next');
    expect(replacement?.kid).not.toBe(next);
    expect(await publishedKids(app.api)).toContain(replacement?.kid);
    expect((await present(app.api, admin.accessToken)).status).toBe(200);
  });

  it('is revoked once: asking again changes nothing', async () => {
    const { app } = instances.at(0);
    const revoked = (await listKeys(app.api, admin)).find(({ status }) => status === 'revoked');
    const events = (await storedEvents(instances.stores, 'key.revoked')).length;
    const answer = await revoke(app.api, admin, revoked?.kid ?? '');
    expect([answer.status, answer.body]).toEqual([200, revoked]);
    expect(await storedEvents(instances.stores, 'key.revoked')).toHaveLength(events);
  });

  it.each([
    ['k'.repeat(43), refused(404, 'keys.not_found')],
    ['V1StGXR8_Z5jdHi6B-myT', invalid('kid')],
    ['..%2f..%2fkey', invalid('kid')],
    ['__proto__', invalid('kid')],
  ])('cannot be %s, which names none', async (kid, refusal) => {
    const answer = await revoke(instances.at(0).app.api, admin, kid);
    expect(refusalOf(answer)).toEqual(refusal);
  });

  it('is not revoked by a body that is not right', async () => {
    const { api } = instances.at(0).app;
    const kid = kidOf(admin.accessToken);
    expect(refusalOf(await revoke(api, admin, kid, { reason: '' }))).toEqual(invalid('reason'));
    expect(refusalOf(await revoke(api, admin, kid, { why: 'x' }))).toEqual(invalid('why'));
    expect((await present(api, admin.accessToken)).status).toBe(200);
  });

  // The last: it stops the instance that verifies passwords for all of this process.
  it('stays refused after a restart', async () => {
    const { app } = instances.at(0);
    const { accessToken } = await signUp(app);
    await revoke(app.api, admin, kidOf(accessToken));
    const later = await TestApp.start({ stores: instances.stores });
    expect(refusalOf(await present(later.api, accessToken))).toEqual(STALE);
    await later.stop();
  });
});

it('reaches instances without Redis as well; a key that they have not heard of is looked up', async () => {
  const alone = { REDIS_URL: '', REVOCATION_POLL_SECONDS: '2' };
  const instances = await Instances.start(alone, alone);
  const [here, there] = [instances.at(0).app, instances.at(1).app];
  const admin = await signUpAdmin(here);
  const options = { token: admin.accessToken };
  for (let rotation = 0; rotation < 2; rotation++) {
    await here.api.post('/admin/keys/rotate', { force: true }, options);
  }
  const { accessToken } = await signIn(here.api, admin.email);
  expect((await present(there.api, accessToken)).status).toBe(200);

  const former = kidOf(admin.accessToken);
  expect((await present(there.api, admin.accessToken)).status).toBe(200);
  expect((await revoke(here.api, admin, former)).status).toBe(200);
  await eventually(
    async () => expect(refusalOf(await present(there.api, admin.accessToken))).toEqual(STALE),
    { within: 10 },
  );
  await instances.stop();
});

it('tokens that name keys which do not exist do not each cost a look into the database', async () => {
  const stores = await createStores();
  const app = await TestApp.start({ stores });
  const claims = claimsOf((await signUp(app)).accessToken);
  const readsOfKeys = async () => {
    const [row] = await stores.query<{ scans: number }>(
      `SELECT (seq_scan + coalesce(idx_scan, 0))::int AS scans FROM pg_stat_user_tables
       WHERE relname = 'signing_keys'`,
    );
    return row?.scans ?? 0;
  };
  const tokens = Array.from({ length: 50 }, (_, index) =>
    forge(app, claims, { kid: `${'k'.repeat(41)}${String(index).padStart(2, '0')}` }),
  );
  for (const answer of await Promise.all(tokens.map((token) => present(app.api, token)))) {
    expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
  }
  await app.stop();
  // Its statistics are complete once its connections have ended.
  await eventually(async () => expect(await readsOfKeys()).toBeGreaterThan(0), { within: 5 });
  expect(await readsOfKeys()).toBeLessThan(20);
  await stores.drop();
});

it('tokens that name keys which do not exist have no token refused of a key that has just come', async () => {
  await using app = await startTestApp();
  const claims = claimsOf((await signUp(app)).accessToken);
  for (let round = 0; round < ROUNDS; round++) {
    const forged = await present(app.api, forge(app, claims, { kid: 'k'.repeat(43) }));
    expect(refusalOf(forged)).toEqual(refused(401, 'access.token_invalid'));
    const key = await addKeyUnheard(app.stores);
    expect((await present(app.api, signToken(key, claims))).status).toBe(200);
  }
});
