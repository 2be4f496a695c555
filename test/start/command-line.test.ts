import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, signIn } from '../builders/accounts.js';
import { type Ended, freshDirectory, ServiceProcess } from '../support/service-process.js';
import { createStores, type Stores } from '../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../support/test-app.js';

describe('the command line', () => {
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let stores: Stores;
  beforeAll(async () => {
    directory = await freshDirectory();
    stores = await createStores();
  });
  afterAll(async () => {
    await stores.drop();
    await directory.remove();
  });

  const cli = (args: string[], input?: string, env = {}): Promise<Ended> => {
    const environment = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: stores.databaseUrl, ...env };
    return ServiceProcess.run(['dist/cli.js', ...args], directory.path, environment, input).ended();
  };

  it('shows its commands when asked for help', async () => {
    const { exitCode, output, errors } = await cli(['create-admin', '--help']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    for (const command of ['create-admin --email ', 'migrate', 'errors']) {
      expect(output).toContain(`npm run cli -- ${command}`);
    }
  });

  it('does not know every command: exit code 2, and the commands there are', async () => {
    const { exitCode, output, errors } = await cli(['make-coffee']);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(/^There is no command "make-coffee"\.\nUsage:\n/);
    expect(errors).toContain('npm run cli -- create-admin');
  });

  it('makes an admin where no service runs, with the password from a pipe', async () => {
    const made = await cli(['create-admin', '--email', 'root@example.com'], `${PASSWORD}\nrest`);
    expect(made).toMatchObject({ exitCode: 0, errors: '' });
    expect(made.output).toMatch(/^root@example\.com is an admin now/);
    expect(JSON.stringify(made)).not.toContain(PASSWORD);

    const again = await cli(['create-admin', '--email', 'ROOT@example.com'], PASSWORD);
    expect(again).toEqual({
      exitCode: 1,
      output: '',
      errors: 'There is an account with this e-mail address already.\n',
    });

    const app = await startTestApp({}, { stores });
    const { accessToken } = await signIn(app.api, 'root@example.com');
    expect((await app.api.get('/admin/users', { token: accessToken })).status).toBe(200);
    await app.stop();
  }, 60_000);

  it.each([
    ['an address that is none', ['create-admin', '--email', 'root'], PASSWORD, /e-mail address\.$/],
    ['an unknown option', ['create-admin', '--name', 'x'], PASSWORD, /^Unknown option '--name'/],
    [
      'an unfit password',
      ['create-admin', '--email', 'a@b.example'],
      'short',
      /must have at least 15/,
    ],
  ])('makes no admin with %s, and says why', async (_, args, input, message) => {
    const { exitCode, output, errors } = await cli(args, input);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors.trimEnd()).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
  });

  it('says in one line that the database cannot be reached', async () => {
    const DATABASE_URL = 'postgres://latchkey:hunter2@127.0.0.1:1/latchkey';
    const { exitCode, output, errors } = await cli(['migrate'], '', { DATABASE_URL });
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toMatch(/^The database at DATABASE_URL cannot be used \(.*ECONNREFUSED.*\n$/);
    expect(errors).not.toContain('hunter2');
  });

  it('migrates, and starts the embedded Postgres for it where there is no other', async () => {
    const migrated = { exitCode: 0, output: 'The schema is up to date.\n', errors: '' };
    expect(await cli(['migrate'], '', { DATABASE_URL: '' })).toEqual(migrated);
  }, 60_000);
});
