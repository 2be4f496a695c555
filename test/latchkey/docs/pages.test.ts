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
import { sampled } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';

/** What a page needs besides Node and a shell; `.ci/run` installs it. */
const NEEDS: Readonly<Record<string, string>> = {
  'docs/audit.md': 'jq',
  'docs/command-line.md': 'jq',
  'docs/quickstart-gateway.md': 'nginx',
};

/** Pages with commands that cannot be run here, and what runs instead. */
const ONLY_SHOWN: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'what runs this very test',
  'README.md': 'boot/first-start, extension/clone-with-a-feature and boot/image run what it shows',
  'docs/client.md': 'publishes to a registry: published/packages installs the packages',
  'docs/deploying.md': 'needs Docker and Kubernetes: boot/image runs the steps of the Dockerfile',
  'docs/gateways.md': 'writes to /etc as root: oauth/gateways runs these files',
  'docs/keys.md': 'the next key of a new deployment is too new to rotate to: tokens/keys rotates',
  'docs/operations.md': 'needs the tools of Postgres and a collector of traces',
  'docs/performance.md': 'takes twenty minutes',
  'docs/quickstart-browser.md': 'published/client opens its page in Chromium',
  'docs/upgrading.md': 'takes a clone of a former version: boot/upgrade migrates its database',
  'docs/verify-in-your-service.md':
    'publishes to a registry: published/packages installs the packages',
  'test/README.md': 'what runs this very test',
};

const paths = [
  'README.md',
  'CONTRIBUTING.md',
  'test/README.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];
const pages = await Promise.all(
  paths.map(async (path) => ({ path, page: await RunnablePage.read(path) })),
);
const runnable = pages
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
  const asThePagesSay = {
    EMAIL_VERIFICATION: 'optional',
    EMAIL_SIGN_IN: 'on',
    SINGLE_SIGN_ON: 'on',
  };
  service = await ServedProcess.start(stores, {
    PORT: String(port),
    JWT_ISSUER: issuer,
    ...asThePagesSay,
  });
  env = {
    ...CHEAP_ENOUGH_FOR_TESTS,
    JWT_ISSUER: issuer,
    ISSUER: issuer,
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
    expect(runnable.length).toBeGreaterThan(14);
  });

  it('and every other command says why it is only shown', () => {
    const shown = pages.filter(({ page }) => page.unmarked.length > 0);
    expect(shown.map(({ path }) => path).sort()).toEqual(Object.keys(ONLY_SHOWN));
  });

  it.each(sampled(runnable, { oneIn: 6 }))(
    '$path',
    async ({ page }) => {
      const directory = await mkdtemp(join(packages.path, 'page-'));
      const [own, third, gateway] = [
        await findFreePort(),
        await findFreePort(),
        await findFreePort(),
      ];
      const replaced = {
        'localhost:3000': new URL(service.origin).host.replace('127.0.0.1', 'localhost'),
        '127.0.0.1:3000': new URL(service.origin).host,
        'localhost:3001': `localhost:${own}`,
        '127.0.0.1:3001': `127.0.0.1:${own}`,
        'PORT=3001': `PORT=${own}`,
        'localhost:3002': `localhost:${third}`,
        'PORT=3002': `PORT=${third}`,
        'localhost:8080': `localhost:${gateway}`,
        '127.0.0.1:8080': `127.0.0.1:${gateway}`,
      };
      expect(await page.run(directory, replaced, env)).toEqual([]);
    },
    onThisMachine(60_000),
  );
});
