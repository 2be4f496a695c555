import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { refresh } from '../../../builders/sessions.js';
import { CommonContext, runCommandLine } from '../../../support/command-line.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf } from '../../../support/refusal.js';
import { type Ended, freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

describe('roles on the command line, beside a service that runs', () => {
  const context = new CommonContext();
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let admin: SignedIn;
  beforeAll(async () => {
    directory = await freshDirectory();
    app = await startTestApp();
    admin = await signUpAdmin(app);
  }, onThisMachine(60_000));
  afterAll(async () => {
    await context.close();
    await app[Symbol.asyncDispose]();
    await directory.remove();
  });

  const cli = (...args: string[]): Promise<Ended> => {
    const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = app.stores;
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL, REDIS_URL };
    return runCommandLine(['roles', ...args], { directory: directory.path, env, context });
  };

  it(
    'are made to demand a second factor, at once, and no longer',
    async () => {
      const made = await cli(
        'create',
        'clerk',
        '--permission',
        'users:read',
        '--description',
        'Reads.',
      );
      expect(made.output).toBe('clerk permits users:read and demands nothing.\n');
      const holder = await signUpWithRoles(app, admin, ['clerk']);
      const users = (token: string) => app.api.get('/admin/users', { token });
      expect((await users(holder.accessToken)).status).toBe(200);

      const changed = await cli('change', 'clerk', '--required-acr', 'aal2');
      expect(changed.output).toBe('clerk permits users:read and demands aal2.\n');
      await eventually(
        async () =>
          expect(refusalOf(await users(holder.accessToken)).code).toBe('access.token_stale'),
        { within: 5 },
      );
      const { body } = await refresh(app.api, holder.refreshToken);
      expect(refusalOf(await users(body.accessToken)).code).toBe('access.assurance_insufficient');

      const listed = await cli('list', '--json');
      const roles = listed.output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(roles.map(({ name, requiredAcr }) => [name, requiredAcr])).toEqual([
        ['admin', null],
        ['clerk', 'aal2'],
        ['user', null],
      ]);
      const taken = await cli('change', 'clerk', '--required-acr', 'none', '--permission', 'a:b');
      expect(taken.output).toBe('clerk permits a:b and demands nothing.\n');
    },
    onThisMachine(60_000),
  );

  it(
    'lock nobody out, and say what is wrong',
    async () => {
      await createRole(app, admin, 'editor', []);
      const refusals = [
        [
          ['change', 'admin', '--required-acr', 'aal2'],
          'No active admin has a factor that gives aal2.',
        ],
        [['change', 'nobody', '--required-acr', 'aal2'], 'There is no such role.'],
      ] as const;
      for (const [args, said] of refusals) {
        const { exitCode, errors } = await cli(...args);
        expect([exitCode, errors]).toEqual([1, expect.stringContaining(said)]);
      }
      const wrong = await cli('change', 'editor', '--required-acr', 'aal9');
      expect([wrong.exitCode, wrong.errors]).toEqual([2, expect.stringContaining('aal2')]);
    },
    onThisMachine(60_000),
  );
});
