import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { ApiClient } from '../../../support/api-client.js';
import { eventually } from '../../../support/eventually.js';
import { GuardedTraffic } from '../../../support/guarded-traffic.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { ExampleService } from './example-service.js';
import { ForeignProject } from './foreign-project.js';

const ROUTE = '/orders/mine';
const ROTATIONS = repeated({ quick: 4, full: 10 });
/** That hear Redis, and as many that do not. */
const SERVICES = repeated({ quick: 1, full: 2 });
/** What a feed may take, loose as tests share their machine. */
const FEED_SECONDS = 1;

const kidOf = ({ accessToken }: SignedIn) => String(headerOf(accessToken).kid);

describe('services that only verify, in processes of their own', () => {
  let issuer: Awaited<ReturnType<typeof startTestApp>>;
  let project: ForeignProject;
  let hearing: ExampleService[];
  let deaf: ExampleService[];
  let admin: SignedIn;

  beforeAll(async () => {
    [issuer, project] = await Promise.all([startTestApp(), ForeignProject.create()]);
    await project.addExample('orders-service');
    const env = { ISSUER, JWKS_URI: `${issuer.origin}/.well-known/jwks.json` };
    const start = (more: object) =>
      ExampleService.start(project, 'orders-service', { ...env, ...more });
    const { redisUrl: REDIS_URL } = issuer.stores;
    const startAll = (more: object) =>
      Promise.all(Array.from({ length: SERVICES }, () => start(more)));
    hearing = await startAll({ REDIS_URL });
    deaf = await startAll({});
    admin = await signUpAdmin(issuer);
  }, onThisMachine(120_000));
  afterAll(async () => {
    await Promise.all([...hearing, ...deaf].map((service) => service.stop()));
    await project.remove();
    await issuer[Symbol.asyncDispose]();
  });

  const ask = ({ origin }: ExampleService, { accessToken: token }: SignedIn) =>
    new ApiClient(origin).get(ROUTE, { token });

  it('refuse no valid token through many forced rotations under load, with Redis or without', async () => {
    const traffic = new GuardedTraffic(
      [...hearing, ...deaf].map(({ origin }) => origin),
      { acceptedMilliseconds: 0, requestMilliseconds: Number.POSITIVE_INFINITY, path: ROUTE },
    );
    traffic.accept(admin.accessToken);
    traffic.start();
    const kids = new Set<string>();
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const options = { token: admin.accessToken };
      const answer = await issuer.api.post('/admin/keys/rotate', { force: true }, options);
      expect(answer.status).toBe(200);
      admin = await signIn(issuer.api, admin.email);
      kids.add(kidOf(admin));
      // At once: the key may be unknown to every one of them.
      traffic.accept(admin.accessToken);
      const answers = await Promise.all([...hearing, ...deaf].map((one) => ask(one, admin)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
    await traffic.stop();
    expect(kids.size).toBe(ROTATIONS);
    expect(traffic.violations()).toEqual([]);
    expect(traffic.count).toBeGreaterThan(10 * ROTATIONS * SERVICES);
  });

  it('refuse a revoked key: with Redis at once, without it from the next fetch on', async () => {
    const [warm, neverSeen] = [admin, await signUp(issuer)];
    const token = admin.accessToken;
    for (const service of [...hearing, ...deaf]) {
      expect((await ask(service, warm)).status).toBe(200);
    }
    const answer = await issuer.api.post(`/admin/keys/${kidOf(warm)}/revoke`, {}, { token });
    expect(answer.status).toBe(200);

    const isRefused = (service: ExampleService) => async () => {
      for (const session of [warm, neverSeen]) {
        const refusal = refusalOf(await ask(service, session));
        expect(refusal).toEqual(refused(401, 'access.token_stale'));
      }
    };
    const within = FEED_SECONDS;
    await Promise.all(hearing.map((service) => eventually(isRefused(service), { within })));
    for (const one of deaf) expect((await ask(one, warm)).status).toBe(200);
    // A token of an unknown key makes them look.
    const forged = { ...warm, accessToken: ofUnknownKey(warm) };
    for (const service of deaf) {
      expect((await ask(service, forged)).status).toBe(401);
      await isRefused(service)();
    }
    admin = await signIn(issuer.api, admin.email);
    for (const service of [...hearing, ...deaf]) {
      expect((await ask(service, admin)).status).toBe(200);
    }
  });
});

function ofUnknownKey({ accessToken }: SignedIn): string {
  const header = { ...headerOf(accessToken), kid: 'unknown' };
  const [, ...rest] = accessToken.split('.');
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
}
