import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const MONITORING_TOKEN = 'prometheus shows this and nobody else 0123';
const PRODUCTION = {
  NODE_ENV: 'production',
  APP_SECRETS: 'YkE1v3d0mXh7Qz9sLrT2uWcPfGnBjK4o6aHiNeRtVyUq',
  JWT_ISSUER: 'https://auth.example.com',
  ARGON2_MEMORY_KIB: '19456',
  ARGON2_TIME_COST: '2',
  THROTTLING: 'on',
};
const DESCRIPTION = ['/docs', '/docs/', '/docs/swagger-ui.css', '/openapi.json', '/openapi.yaml'];
const METADATA = '/.well-known/oauth-authorization-server';

let stores: Stores;
const apps: TestApp[] = [];
beforeAll(async () => {
  stores = await createStores();
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await stores.drop();
});

async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await TestApp.start({ stores, env: { ...PRODUCTION, ...env } });
  apps.push(app);
  return app;
}

describe('in production strangers', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start({});
  });

  it.each([...DESCRIPTION, '/metrics'])('do not find %s', async (path) => {
    expect(refusalOf(await app.api.get(path))).toEqual(refused(404, 'request.not_found'));
  });

  it('are not sent to a description that is not there', async () => {
    const { body } = await app.api.get(METADATA);
    expect(body.token_endpoint).toBe('https://auth.example.com/oauth/token');
    expect(body.service_documentation).toBeUndefined();
  });

  it('hear whether it can serve, and nothing of what it is made of', async () => {
    const { status, body } = await app.api.get('/health/ready');
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });

  it('are told what each error means', async () => {
    expect((await app.api.get('/errors')).status).toBe(200);
  });
});

describe('with MONITORING_TOKEN', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ MONITORING_TOKEN });
  });

  it('its holder reads metrics and which parts are up', async () => {
    const metrics = await app.api.get('/metrics', { token: MONITORING_TOKEN });
    expect(metrics.text).toContain('latchkey_revocation_overdue 0');
    const { body } = await app.api.get('/health/ready', { token: MONITORING_TOKEN });
    expect(body.details).toMatchObject({ database: { status: 'up' } });
  });

  it.each([undefined, 'x', `${MONITORING_TOKEN}x`, MONITORING_TOKEN.slice(1)])(
    'whoever shows %s reads neither',
    async (token) => {
      const metrics = await app.api.get('/metrics', { token });
      expect(refusalOf(metrics)).toEqual(refused(401, 'access.unauthenticated'));
      expect((await app.api.get('/health/ready', { token })).body).toEqual({ status: 'ok' });
    },
  );

  it('it opens nothing else', async () => {
    const answer = await app.api.get('/auth/me', { token: MONITORING_TOKEN });
    expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
  });

  it('it must be long', () => {
    expect(() => loadConfig({ MONITORING_TOKEN: 'short' })).toThrow('MONITORING_TOKEN');
  });
});

it('each is a switch of its own', async () => {
  const open = await start({ API_DESCRIPTION: 'on', METRICS: 'on', HEALTH_DETAILS: 'on' });
  for (const path of [...DESCRIPTION.filter((one) => one !== '/docs/'), '/metrics']) {
    expect([path, (await open.api.get(path)).status]).toEqual([path, 200]);
  }
  expect((await open.api.get('/health/ready')).body.details).toBeDefined();
  expect((await open.api.get(METADATA)).body.service_documentation).toBeDefined();

  const closed = await start({
    NODE_ENV: 'test',
    API_DESCRIPTION: 'off',
    METRICS: 'off',
    HEALTH_DETAILS: 'off',
  });
  for (const path of [...DESCRIPTION, '/metrics']) {
    expect([path, (await closed.api.get(path)).status]).toEqual([path, 404]);
  }
  expect((await closed.api.get('/health/ready')).body).toEqual({ status: 'ok' });
});

it('metrics are collected once a second, however many ask', async () => {
  const app = await start({ METRICS: 'on' });
  const startedAt = performance.now();
  const texts = await Promise.all(
    Array.from({ length: 20 }, async () => (await app.api.get('/metrics')).text),
  );
  const seconds = texts.map((text) => /process_cpu_seconds_total (\S+)/.exec(text)?.[1]);
  const tookSeconds = (performance.now() - startedAt) / 1000;
  expect(new Set(seconds).size).toBeLessThanOrEqual(1 + Math.ceil(tookSeconds));
  expect(seconds).toHaveLength(20);
});
