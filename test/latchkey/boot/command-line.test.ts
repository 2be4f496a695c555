import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import {
  CliCommand,
  type CommandDescription,
} from '../../../src/latchkey/operations/cli/command.js';
import { print } from '../../../src/latchkey/operations/cli/terminal.js';
import {
  argument,
  otherwise,
  type ValuesOf,
  wholeNumber,
} from '../../../src/latchkey/operations/cli/values.js';
import { headerOf } from '../../builders/access-tokens.js';
import { PASSWORD, signIn, signUp } from '../../builders/accounts.js';
import { addKeyUnheard } from '../../builders/signing-keys.js';
import { runCommandLine } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { shippedProgram } from '../../support/programs/program.js';
import { refusalOf } from '../../support/refusal.js';
import { type Ended, freshDirectory, ServiceProcess } from '../../support/service-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

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

  const environment = (env = {}) => ({
    ...CHEAP_ENOUGH_FOR_TESTS,
    DATABASE_URL: stores.databaseUrl,
    ...env,
  });
  const process = async (args: string[], input?: string): Promise<Ended> => {
    const command = [await shippedProgram('cli'), ...args];
    return ServiceProcess.run(command, directory.path, environment(), input).ended();
  };
  const cli = (args: string[], input?: string, env = {}): Promise<Ended> =>
    runCommandLine(args, { directory: directory.path, env: environment(env), input });

  it('shows its commands when asked for help, and the exit codes', async () => {
    const { exitCode, output, errors } = await process(['--help']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    for (const command of ['create-admin', 'users', 'keys', 'migrate', 'errors']) {
      expect(output).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(output).toMatch(/^ {2}users .*\blist, show, disable, enable\b/m);
    expect(output).toMatch(/^Exit codes:\n {2}0 {2}done\n {2}1 {2}.*\n {2}2 {2}/m);
  });

  it.each([
    [
      ['users', '--help'],
      ['Usage: npm run cli -- users ', '  list [options] ', '  verify-email '],
    ],
    [
      ['help', 'users'],
      ['Usage: npm run cli -- users ', '  list [options] '],
    ],
    [
      ['users', 'list', '--help'],
      ['Usage: npm run cli -- users list [options]\n', '--status <which> ', 'Examples:\n'],
    ],
    [['keys', 'export', '-h'], ['Usage: npm run cli -- keys export --directory <path>\n']],
    [['create-admin', '--email', 'x@y.example', '--help'], ['Usage: npm run cli -- create-admin ']],
  ])('shows what there is at every level: %j', async (args, shown) => {
    const { exitCode, output, errors } = await cli(args);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    for (const text of shown) expect(output).toContain(text);
  });

  it.each([
    [['make-coffee'], "Unknown command 'make-coffee'\n"],
    [['key', 'list'], "Unknown command 'key'\n(Did you mean keys?)\n"],
    [['keys', 'lst'], "Unknown command 'lst'\n(Did you mean list?)\n"],
    [['migrat'], "Unknown command 'migrat'\n(Did you mean migrate?)\n"],
    [['migrate', 'now'], "Too many arguments for 'migrate'. Expected 0 arguments but got 1.\n"],
    [['keys'], 'Usage: npm run cli -- keys '],
    [[], 'Usage: npm run cli -- '],
  ])('says what %j may have meant, does nothing, and ends with 2', async (args, told) => {
    const { exitCode, output, errors } = await cli(args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors.startsWith(told)).toBe(true);
  });

  it(
    'makes an admin where no service runs, with the password from a pipe',
    async () => {
      const args = ['create-admin', '--email', 'root@example.com'];
      const made = await process(args, `${PASSWORD}\nrest`);
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
    },
    onThisMachine(60_000),
  );

  it.each([
    ['an address that is none', ['create-admin', '--email', 'root'], PASSWORD, /e-mail address\.$/],
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

  it(
    'rotates and revokes keys and ends sessions of a service that runs',
    async () => {
      const app = await startTestApp({}, { stores });
      const { email, accessToken } = await signUp(app);
      const env = { REDIS_URL: stores.redisUrl };
      const refusalNow = async () =>
        refusalOf(await app.api.get('/auth/me', { token: accessToken })).code;

      const early = await cli(['keys', 'rotate'], '', env);
      expect([early.exitCode, early.errors]).toEqual([
        1,
        expect.stringMatching(/^The next signing key has not been published .* in \d+ s\.\n$/),
      ]);
      expect(await cli(['keys', 'rotate', '--force'], '', env)).toMatchObject({ exitCode: 0 });
      const { output } = await cli(['keys', 'list'], '', env);
      const statuses = [...output.matchAll(/^[\w-]{43} +ES256 +access +(\w+) /gm)].map(
        ([, name]) => name,
      );
      expect(statuses.sort()).toEqual(['current', 'next', 'retired']);
      expect(await refusalNow()).toBeUndefined();

      const kid = String(headerOf(accessToken).kid);
      expect(await cli(['keys', 'revoke', kid], '', env)).toMatchObject({ exitCode: 0 });
      await eventually(async () => expect(await refusalNow()).toBe('access.token_stale'), {
        within: 5,
      });

      const latest = await signIn(app.api, email);
      const ended = await cli(['sessions', 'revoke', '--all', '--reason', 'a drill'], '', env);
      expect(ended).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/^\d+ sessions ended\./),
      });
      await eventually(
        async () => {
          const answer = await app.api.get('/auth/me', { token: latest.accessToken });
          expect(refusalOf(answer).code).toBe('access.token_revoked');
        },
        { within: 5 },
      );
      await app.stop();
    },
    onThisMachine(60_000),
  );

  it.each([
    ['nothing before it', (kid: string) => [kid]],
    ['the reason before it', (kid: string) => ['--reason', 'b'.repeat(43), kid]],
    ['the reason after it', (kid: string) => [kid, '--reason', 'a drill']],
    ['two dashes before it', (kid: string) => ['--reason', 'a drill', '--', kid]],
  ])('revokes a key whose kid begins with a dash, with %s', async (what, args) => {
    const kid = `-${what.replaceAll(' ', '-').padEnd(42, '_')}`;
    await addKeyUnheard(stores, kid);
    expect(await cli(['keys', 'revoke', ...args(kid)])).toEqual({
      exitCode: 0,
      output: `${kid} is revoked.\n`,
      errors: '',
    });
  });

  it.each([
    [[], "Missing required argument 'kid'\n"],
    [['--reason', 'a drill'], "Missing required argument 'kid'\n"],
    [['a-key'], "Command-argument value 'a-key' is invalid for argument 'kid'. Which key: "],
    [['-a-key'], "Unknown option '-a-key'\n"],
  ])('revokes no key by %j', async (args, told) => {
    const { exitCode, output, errors } = await cli(['keys', 'revoke', ...args]);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors.startsWith(told)).toBe(true);
  });

  it('says in one line that the database cannot be reached', async () => {
    const DATABASE_URL = 'postgres://latchkey:hunter2@127.0.0.1:1/latchkey';
    const { exitCode, output, errors } = await cli(['migrate'], '', { DATABASE_URL });
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toMatch(/^The database at DATABASE_URL cannot be used \(.*ECONNREFUSED.*\n$/);
    expect(errors).not.toContain('hunter2');
  });

  it(
    'migrates, and starts the embedded Postgres for it where there is no other',
    async () => {
      const migrated = { exitCode: 0, output: 'The schema is up to date.\n', errors: '' };
      expect(await cli(['migrate'], '', { DATABASE_URL: '' })).toEqual(migrated);
    },
    onThisMachine(60_000),
  );

  it(
    'gives a team’s command what it declares, and what was typed to one that reads it itself',
    async () => {
      const GREET = {
        name: 'team greet',
        summary: 'Greet somebody.',
        arguments: { whom: argument('whom', 'By name.') },
        options: { times: otherwise(1, wholeNumber('n', 'How often.', { min: 1, max: 9 })) },
      } satisfies CommandDescription;
      @Injectable()
      class Greet extends CliCommand<ValuesOf<typeof GREET>> {
        static override readonly description = GREET;

        async run({ whom, times }: ValuesOf<typeof GREET>) {
          print(`${'Hello '.repeat(times)}${whom}`);
        }
      }
      @Injectable()
      class Echo extends CliCommand {
        static override readonly description = {
          name: 'echo',
          usage: '[word]…',
          summary: 'Repeat.',
        };

        async run(args: string[]) {
          print(args.join('|'));
        }
      }
      @Module({ imports: [LatchkeyModule], providers: [Echo, Greet] })
      class TeamModule {}
      const team = (...args: string[]) =>
        runCommandLine(args, { directory: directory.path, env: environment(), module: TeamModule });
      expect((await team('team', 'greet', 'Ada', '--times', '2')).output).toBe('Hello Hello Ada\n');
      expect(await team('team', 'greet', 'Ada', '--times', '10')).toMatchObject({ exitCode: 2 });
      expect((await team('echo', '-x', '--y=1', 'z', '--', '--w')).output).toBe(
        '-x|--y=1|z|--|--w\n',
      );
      expect((await team('echo', '--help')).output).toContain(
        'Usage: npm run cli -- echo [word]…\n',
      );
      expect((await team('--help')).output).toMatch(/^ {2}team .*greet/m);
    },
    onThisMachine(60_000),
  );

  it('runs no command at all while a team’s has the name of another, and says which', async () => {
    @Injectable()
    class Rotate extends CliCommand {
      static override readonly description = { name: 'keys rotate', usage: '', summary: '' };

      async run() {}
    }
    @Module({ imports: [LatchkeyModule], providers: [Rotate] })
    class TeamModule {}
    const surroundings = { directory: directory.path, env: environment(), module: TeamModule };
    expect(await runCommandLine(['keys', 'list'], surroundings)).toEqual({
      exitCode: 1,
      output: '',
      errors: 'There are two commands "keys rotate". Give yours another name.\n',
    });
  });
});
