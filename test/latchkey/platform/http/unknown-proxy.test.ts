import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';

let stores: Stores;
let services: ServedProcess[];
beforeAll(async () => {
  stores = await createStores();
  const settings = [{}, { TRUSTED_PROXIES: '127.0.0.1' }];
  services = await Promise.all(
    settings.map((env) => ServedProcess.start(stores, { LOG_LEVEL: 'warn', ...env })),
  );
});
afterAll(async () => {
  for (const service of services ?? []) await service.kill();
  await stores?.drop();
});

it('a proxy that is not trusted is warned of once, for all clients behind it count as one', async () => {
  for (const { origin } of services) {
    await fetch(`${origin}/health/live`);
    for (const name of ['X-Forwarded-For', 'Forwarded']) {
      await fetch(`${origin}/health/live`, { headers: { [name]: 'for=203.0.113.7' } });
    }
  }
  // Whatever is not written yet is at the end.
  for (const service of services) await service.stop('SIGTERM');
  const warnings = services.map(({ log }) =>
    log.split('\n').filter((line) => line.includes('TRUSTED_PROXIES')),
  );
  expect(warnings).toEqual([[expect.stringContaining('127.0.0.1')], []]);
});
