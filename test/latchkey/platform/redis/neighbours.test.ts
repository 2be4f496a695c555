import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
} from '../../../../src/latchkey/published/access/create-access-token-verifier.js';
import {
  grantRoles,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { ISSUER, TestApp } from '../../../support/test-app.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { passGoesBy } from '../../faults/stream-in-redis.js';

type Issuer = Pick<TestApp, 'api'>;

const WITHIN = { within: 10 };

let redis: TestRedis;
let stores: readonly [Stores, Stores];
/** Both in this process: what it keeps for all its applications must not make one judge for another. */
let production: TestApp;
let staging: TestApp;
beforeAll(async () => {
  redis = await TestRedis.start();
  stores = [await createStores(), await createStores()];
  const env = { REDIS_URL: redis.url, THROTTLING: 'on' };
  production = await TestApp.start({ stores: stores[0], env });
  staging = await TestApp.start({ stores: stores[1], env });
  Logger.overrideLogger(false);
}, onThisMachine(90_000));
afterAll(async () => {
  await Promise.all([production?.stop(), staging?.stop()]);
  await Promise.all([redis.stop(), ...stores.map((one) => one.drop())]);
});

it('everything that a deployment puts into Redis is under its own id, as the metadata name it', async () => {
  for (const app of [production, staging]) {
    const { accessToken: token } = await signUp(app);
    await app.api.post('/auth/login', { email: 'nobody@example.com', password: 'wrong' });
    await app.api.post('/auth/logout', undefined, { token });
  }
  const ids = await Promise.all([production, staging].map(deploymentIdOf));
  expect(new Set(ids).size).toBe(2);
  const client = new Redis(redis.url);
  const of = (keys: string[], id?: string) =>
    keys.filter((key) => key.startsWith(`latchkey:${id}:`));
  await eventually(async () => {
    const keys = await client.keys('*');
    for (const id of ids) {
      const names = of(keys, id).map((key) => key.replace(`latchkey:${id}:`, ''));
      expect(names).toEqual(expect.arrayContaining(['{revocations}', '{revocations}:epoch']));
      expect(names.some((name) => name.startsWith('throttle:'))).toBe(true);
    }
    expect(ids.flatMap((id) => of(keys, id))).toHaveLength(keys.length);
  }, WITHIN);
  client.disconnect();
});

it('a change of roles in one deployment makes no token of its neighbour stale', async () => {
  const session = await signUp(production);
  let admin = await signUpAdmin(staging);
  for (const permissions of [['a:read'], ['a:write']]) {
    const answer = await staging.api.patch(
      '/admin/roles/user',
      { permissions },
      { token: admin.accessToken },
    );
    expect(answer.status).toBe(200);
    admin = await signIn(staging.api, admin.email);
  }
  const { userId } = await signUp(staging);
  await grantRoles(staging, admin, userId, ['user']);
  // Later than everything that staging has said.
  const sentinel = await signIn(production.api, session.email);
  await signOutOf(production, sentinel);
  await using verifier = verifierOf(production);
  await eventually(async () => {
    expect(await outcome(verifier, sentinel)).toBe('access.token_revoked');
    expect(await outcome(verifier, session)).toBe('accepted');
  }, WITHIN);
  const { status } = await production.api.get('/auth/me', { token: session.accessToken });
  expect(status).toBe(200);
});

it('a service of one deployment is not opened by what its neighbour says', async () => {
  const [ended, live] = [await signUp(production), await signUp(production)];
  await signOutOf(production, ended);
  await using verifier = verifierOf(production);
  await eventually(async () => expect(await outcome(verifier, live)).toBe('accepted'), WITHIN);
  const id = await deploymentIdOf(production);
  await production.stop();
  const client = new Redis(redis.url);
  await client.del(await client.keys(`latchkey:${id}:*`));
  client.disconnect();
  const closed = async () =>
    expect(await outcome(verifier, live)).toBe('access.revocation_unavailable');
  await eventually(closed, WITHIN);
  await signOutOf(staging, await signUp(staging));
  await passGoesBy(redis.port);
  await closed();
  expect(await outcome(verifier, ended)).toBe('access.token_revoked');
});

function verifierOf(app: TestApp) {
  const verifier = createAccessTokenVerifier({
    issuer: ISSUER,
    audience: 'latchkey',
    jwksUri: `${app.origin}/.well-known/jwks.json`,
    redisUrl: redis.url,
    revocationMaxStalenessSeconds: 1,
  });
  return Object.assign(verifier, { [Symbol.asyncDispose]: () => verifier.close() });
}

function outcome(verifier: AccessTokenVerifier, { accessToken }: SignedIn): Promise<string> {
  return verifier.verifyAccessToken(accessToken).then(
    () => 'accepted',
    ({ code }) => code,
  );
}

async function deploymentIdOf(app: Issuer): Promise<string> {
  const { body } = await app.api.get('/.well-known/oauth-authorization-server');
  return body.latchkey_deployment_id;
}

async function signOutOf(app: Issuer, { accessToken: token }: SignedIn): Promise<void> {
  expect((await app.api.post('/auth/logout', undefined, { token })).status).toBe(204);
}
