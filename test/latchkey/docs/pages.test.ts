import { mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { buildPackages } from '../../support/build-packages.js';
import { findProgram } from '../../support/find-program.js';
import { RunnablePage } from '../../support/page-runner.js';
import { ServedProcess } from '../../support/served-process.js';
import { freshDirectory } from '../../support/service-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

/** What a page needs besides Node and a shell; `.ci/run` installs it. */
const NEEDS: Readonly<Record<string, string>> = { 'docs/quickstart-gateway.md': 'nginx' };

const pages = ['README.md', ...(await readdir('docs')).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith('.md'),
);
const runnable = (
  await Promise.all(pages.map(async (path) => ({ path, page: await RunnablePage.read(path) })))
)
  .filter(({ page }) => !page.isEmpty)
  .filter(({ path }) => NEEDS[path] === undefined || findProgram(NEEDS[path]) !== null);

let packages: Awaited<ReturnType<typeof freshDirectory>>;
let stores: Stores;
let service: ServedProcess;
let env: Record<string, string>;
beforeAll(async () => {
  [packages, stores] = await Promise.all([freshDirectory(), createStores()]);
  await install();
  const port = await findFreePort();
  // As a first start is set, which the pages begin with.
  const issuer = `http://localhost:${port}`;
  service = await ServedProcess.start(stores, { PORT: String(port), JWT_ISSUER: issuer });
  env = {
    ...CHEAP_ENOUGH_FOR_TESTS,
    JWT_ISSUER: issuer,
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    LATCHKEY: resolve('.'),
  };
}, onThisMachine(60_000));
afterAll(async () => {
  await service?.kill();
  await stores?.drop();
  await packages?.remove();
});

/** As if what the pages ask for had been installed: every page finds it above its directory. */
async function install(): Promise<void> {
  const modules = join(packages.path, 'node_modules');
  await mkdir(modules);
  await buildPackages(modules);
  for (const name of ['jsonwebtoken', 'ioredis', 'jose']) {
    await symlink(resolve('node_modules', name), join(modules, name));
  }
}

describe('every marked command of a page does what the page says', () => {
  it('and there are pages to run', () => {
    expect(runnable.length).toBeGreaterThan(4);
  });

  it.each(runnable)(
    '$path',
    async ({ page }) => {
      const directory = await mkdtemp(join(packages.path, 'page-'));
      const [own, gateway] = [await findFreePort(), await findFreePort()];
      const replaced = {
        'localhost:3000': new URL(service.origin).host.replace('127.0.0.1', 'localhost'),
        '127.0.0.1:3000': new URL(service.origin).host,
        'localhost:3001': `localhost:${own}`,
        '127.0.0.1:3001': `127.0.0.1:${own}`,
        'PORT=3001': `PORT=${own}`,
        'localhost:8080': `localhost:${gateway}`,
        '127.0.0.1:8080': `127.0.0.1:${gateway}`,
      };
      expect(await page.run(directory, replaced, env)).toEqual([]);
    },
    onThisMachine(60_000),
  );
});
