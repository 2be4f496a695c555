import { expect, it } from 'vitest';
import { startTestApp } from '../../../support/test-app.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_ISSUER: 'https://auth.example.com',
  THROTTLING: 'on',
  ARGON2_MEMORY_KIB: '19456',
  ARGON2_TIME_COST: '2',
};

it.each([
  ['test', {}, 200],
  ['production', PRODUCTION, 404],
])('the demo in %s: %o answers %i', async (_, env, status) => {
  await using app = await startTestApp(env);
  for (const path of ['/demo', '/demo/files/operations/demo/page/demo.js']) {
    expect([path, (await app.api.get(path)).status]).toEqual([path, status]);
  }
  for (const path of [
    '/demo/files/',
    '/demo/files/main.js',
    '/demo/files/operations/demo/serve-demo.ts',
  ]) {
    expect([path, (await app.api.get(path)).status]).toEqual([path, 404]);
  }
});
