import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServedProcess } from '../support/served-process.js';
import { createStores, type Stores } from '../support/stores.js';

let stores: Stores;
beforeAll(async () => {
  stores = await createStores();
});
afterAll(() => stores.drop());

/** Lines of the log that say so, after two requests from a proxy and one from nobody. */
async function warnings(env: Record<string, string>): Promise<string[]> {
  const service = await ServedProcess.start(stores, { LOG_LEVEL: 'warn', ...env });
  await fetch(`${service.origin}/health/live`);
  for (const name of ['X-Forwarded-For', 'Forwarded']) {
    await fetch(`${service.origin}/health/live`, { headers: { [name]: 'for=203.0.113.7' } });
  }
  await service.kill();
  return service.log.split('\n').filter((line) => line.includes('TRUSTED_PROXIES'));
}

describe('a proxy that is not trusted', () => {
  it('is warned of once, for all clients behind it count as one', async () => {
    expect(await warnings({})).toEqual([expect.stringContaining('127.0.0.1')]);
  });

  it('is nothing to warn of where it is trusted', async () => {
    expect(await warnings({ TRUSTED_PROXIES: '127.0.0.1' })).toEqual([]);
  });
});
