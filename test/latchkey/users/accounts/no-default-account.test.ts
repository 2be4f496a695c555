import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AppSecrets } from '../../../../src/latchkey/platform/config/app-secrets.js';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import { SecretsConfig } from '../../../../src/latchkey/platform/config/secrets.config.js';
import { PASSWORD, signIn } from '../../../builders/accounts.js';
import { createStores } from '../../../support/stores.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

const BOOTSTRAP = { BOOTSTRAP_ADMIN_EMAIL: 'root@example.com', BOOTSTRAP_ADMIN_PASSWORD: PASSWORD };

it('a server that has just been set up has no account', async () => {
  await using app = await startTestApp();
  expect(await app.stores.query('SELECT id FROM users')).toEqual([]);
  expect(await app.stores.query('SELECT user_id FROM user_roles')).toEqual([]);
});

it('the first admin is made as the environment says, once, and never changed by it', async () => {
  const stores = await createStores();
  const first = await Promise.all([
    TestApp.start({ stores, env: BOOTSTRAP }),
    TestApp.start({ stores, env: BOOTSTRAP }),
  ]);
  for (const app of first) await app.stop();
  expect(await stores.query('SELECT email FROM users')).toEqual([{ email: 'root@example.com' }]);

  const again = {
    BOOTSTRAP_ADMIN_EMAIL: 'other@example.com',
    BOOTSTRAP_ADMIN_PASSWORD: 'x'.repeat(20),
  };
  const anew = { ...BOOTSTRAP, BOOTSTRAP_ADMIN_PASSWORD: `${PASSWORD} anew` };
  for (const env of sampled([again, anew], { oneIn: 2 })) {
    const app = await TestApp.start({ stores, env });
    await signIn(app.api, BOOTSTRAP.BOOTSTRAP_ADMIN_EMAIL);
    await app.stop();
  }
  expect(await stores.query('SELECT email FROM users')).toHaveLength(1);
  await stores.drop();
});

const UNFIT = [
  ['a password that is too short', { ...BOOTSTRAP, BOOTSTRAP_ADMIN_PASSWORD: 'admin' }],
  ['a common password', { ...BOOTSTRAP, BOOTSTRAP_ADMIN_PASSWORD: 'passwordpassword' }],
] as const;

it.each(sampled(UNFIT, { oneIn: 2, turn: 1 }))(
  'the server does not start with %s for its first admin',
  async (_, env) => {
    const stores = await createStores();
    await expect(TestApp.start({ stores, env })).rejects.toThrow('BOOTSTRAP_ADMIN_PASSWORD');
    expect(await stores.query('SELECT id FROM users')).toEqual([]);
    await stores.drop();
  },
);

it('two servers that are set up without a secret make different ones', async () => {
  const home = process.cwd();
  const keys: string[] = [];
  for (let server = 0; server < 2; server += 1) {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-secrets-'));
    process.chdir(directory);
    try {
      const keyOf = () => new AppSecrets(new SecretsConfig()).keysFor('test')[0].toString('hex');
      keys.push(keyOf());
      expect(keyOf()).toBe(keys.at(-1));
    } finally {
      process.chdir(home);
      await rm(directory, { recursive: true });
    }
  }
  expect(new Set(keys).size).toBe(2);
});

it.each([
  ['no secret', undefined],
  ['a short one', 'abcdefghijklmnop'],
  ['a placeholder', 'change-me-change-me-change-me-0123456789'],
])('production does not start with %s', (_, secret) => {
  const environment = { NODE_ENV: 'production', APP_SECRETS: secret };
  expect(() => loadConfig(environment)).toThrow(/APP_SECRETS must/);
});
