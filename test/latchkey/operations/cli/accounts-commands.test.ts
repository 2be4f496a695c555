import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { CommonContext, runCommandLine } from '../../../support/command-line.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf } from '../../../support/refusal.js';
import { type Ended, freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

describe('accounts and sessions on the command line, beside a service that runs', () => {
  const context = new CommonContext();
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let ada: SignedIn;
  let bob: SignedIn;
  let adaId: string;
  beforeAll(async () => {
    directory = await freshDirectory();
    app = await startTestApp();
    ada = await signUp(app, 'ada@example.com');
    bob = await signUp(app, 'bob@example.com');
    adaId = await idOf(ada);
  }, onThisMachine(60_000));
  afterAll(async () => {
    await context.close();
    await app[Symbol.asyncDispose]();
    await directory.remove();
  });

  const cli = (...args: string[]): Promise<Ended> => {
    const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = app.stores;
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL, REDIS_URL };
    return runCommandLine(args, { directory: directory.path, env, context });
  };
  const meOf = ({ accessToken: token }: SignedIn) => app.api.get('/auth/me', { token });
  const idOf = async (one: SignedIn): Promise<string> => (await meOf(one)).body.userId;
  const linesOf = ({ output }: Ended) => output.trimEnd().split('\n');
  const objectsOf = (ended: Ended) => linesOf(ended).map((line) => JSON.parse(line));
  const refusalIn = (one: SignedIn, code: string) =>
    eventually(async () => expect(refusalOf(await meOf(one)).code).toBe(code), { within: 5 });

  it(
    'are listed, the newest first: lines for people, an object a line for programs',
    async () => {
      const listed = await cli('users', 'list');
      expect(listed).toMatchObject({ exitCode: 0, errors: '' });
      expect(linesOf(listed)).toEqual([
        expect.stringMatching(/^[0-9a-f-]{36} {2}\S+Z {2}active {4}bob@example\.com +user$/),
        expect.stringMatching(/^[0-9a-f-]{36} {2}\S+Z {2}active {4}ada@example\.com +user$/),
      ]);
      const found = objectsOf(await cli('users', 'list', '--email', 'ADA@', '--json'));
      expect(found).toEqual([expect.objectContaining({ id: adaId, email: 'ada@example.com' })]);
      expect(Object.keys(found[0])).not.toContain('passwordHash');
    },
    onThisMachine(30_000),
  );

  it(
    'are listed under a head on a terminal, and signing keys and services as objects for programs',
    async () => {
      const { isTTY } = process.stdout;
      process.stdout.isTTY = true;
      try {
        const [head, first] = linesOf(await cli('users', 'list'));
        expect(head).toMatch(/^ID {36}SINCE {21}STATUS {4}ADDRESS +ROLES$/);
        expect(first).toContain('bob@example.com');
      } finally {
        process.stdout.isTTY = isTTY;
      }
      const keys = objectsOf(await cli('keys', 'list', '--json'));
      expect(keys.map(({ status }) => status).sort()).toEqual(['current', 'next']);
      await cli('clients', 'create', '--name', 'billing', '--role', 'user');
      const clients = objectsOf(await cli('clients', 'list', '--json'));
      expect(clients).toEqual([expect.objectContaining({ name: 'billing', roles: ['user'] })]);
      expect(clients[0]).not.toHaveProperty('secret');
    },
    onThisMachine(60_000),
  );

  it(
    'tell by one question what happened to an account, also once it has been deleted',
    async () => {
      const mallory = await signUp(app, 'mallory@example.com');
      const malloryId = await idOf(mallory);
      await app.api.post('/auth/logout', undefined, { token: mallory.accessToken });
      const { sessionId } = await signIn(app.api, 'mallory@example.com');
      await cli('sessions', 'revoke', '--user', malloryId, '--reason', 'a drill');
      const last = await signIn(app.api, 'mallory@example.com');
      await cli('users', 'disable', 'mallory@example.com');
      const before = objectsOf(await cli('audit', 'export', '--about', 'mallory@example.com'));
      await app.api.patch('/users/me', { name: 'x' }, { token: last.accessToken });
      await app.stores.query('DELETE FROM users WHERE id = $1', [malloryId]);
      const after = objectsOf(await cli('audit', 'export', '--about', malloryId));
      expect(after.slice(0, before.length)).toEqual(before);
      const actions = after.map(({ action }) => action);
      expect(actions).toEqual(
        expect.arrayContaining([
          'user.registered',
          'session.started',
          'session.ended',
          'sessions.revoked',
          'user.disabled',
        ]),
      );
      expect(JSON.stringify(after)).toContain(sessionId);
      for (const event of after) expect(JSON.stringify(event)).toContain(malloryId);
    },
    onThisMachine(60_000),
  );

  it(
    'are all listed, past the end of a page',
    async () => {
      await app.stores.query(
        `INSERT INTO users (id, email, email_key, password_hash)
       SELECT gen_random_uuid(), 'many' || n || '@example.net', 'many' || n || '@example.net', '' FROM generate_series(1, 250) n`,
      );
      const many = objectsOf(await cli('users', 'list', '--email', 'many', '--json'));
      expect(new Set(many.map(({ id }) => id)).size).toBe(250);
      await app.stores.query(`DELETE FROM users WHERE email LIKE 'many%'`);
    },
    onThisMachine(30_000),
  );

  it(
    'are shown by address or id',
    async () => {
      const shown = await cli('users', 'show', 'Ada@Example.com', '--json');
      expect(objectsOf(shown)).toEqual([expect.objectContaining({ id: adaId, status: 'active' })]);
      expect((await cli('users', 'show', adaId)).output).toContain('ada@example.com\n');
    },
    onThisMachine(30_000),
  );

  it(
    'an account that exists becomes an admin, at once, and stops being one',
    async () => {
      const unverified = await cli('users', 'roles', 'ada@example.com', '--give', 'admin');
      expect(unverified).toMatchObject({ exitCode: 1, output: '' });
      expect(unverified.errors).toContain(`name it by its id, ${adaId}`);

      const promoted = await cli('users', 'roles', adaId, '--give', 'admin');
      expect(promoted).toMatchObject({ exitCode: 0, errors: '' });
      expect(promoted.output).toMatch(/^ada@example\.com has (user, admin|admin, user) \(/);
      await refusalIn(ada, 'access.token_stale');
      ada = await signIn(app.api, 'ada@example.com');
      expect((await app.api.get('/admin/users', { token: ada.accessToken })).status).toBe(200);
      const admins = objectsOf(await cli('users', 'list', '--role', 'admin', '--json'));
      expect(admins.map(({ id }) => id)).toEqual([adaId]);

      const last = await cli('users', 'roles', adaId, '--take', 'admin');
      expect(last).toMatchObject({ exitCode: 1, output: '' });
      expect(last.errors).toMatch(/last .*admin/i);
      expect(await cli('users', 'roles', await idOf(bob), '--give', 'admin')).toMatchObject({
        exitCode: 0,
      });
      expect((await cli('users', 'roles', adaId, '--take', 'admin')).output).toBe(
        `ada@example.com has user (${adaId}).\n`,
      );
      await refusalIn(ada, 'access.token_stale');
    },
    onThisMachine(60_000),
  );

  it(
    'an account is disabled, which ends its sessions at once, and enabled again',
    async () => {
      ada = await signIn(app.api, 'ada@example.com');
      const live = await cli('sessions', 'list', '--user', 'ada@example.com');
      expect(linesOf(live).length).toBeGreaterThan(0);
      for (const line of linesOf(live)) expect(line).toContain(`  ${adaId}  `);

      const disabled = await cli('users', 'disable', 'ada@example.com', '--reason', 'a drill');
      expect(disabled).toMatchObject({
        exitCode: 0,
        output: `ada@example.com is disabled (${adaId}).\n`,
      });
      await refusalIn(ada, 'access.token_revoked');
      expect((await cli('sessions', 'list', '--user', adaId)).output).toBe('');
      const ended = objectsOf(
        await cli('sessions', 'list', '--user', adaId, '--state', 'ended', '--json'),
      );
      expect(ended.map(({ endReason }) => endReason)).toContain('user_disabled');
      const recorded = await app.stores.query(
        `SELECT reason FROM audit_events WHERE action = 'user.disabled' AND target_id = $1`,
        [adaId],
      );
      expect(recorded).toEqual([{ reason: 'a drill' }]);

      expect((await cli('users', 'enable', adaId)).output).toBe(
        `ada@example.com is active (${adaId}).\n`,
      );
      expect((await signIn(app.api, 'ada@example.com')).accessToken).toBeDefined();
    },
    onThisMachine(60_000),
  );

  it.each([
    [
      'an unknown account',
      ['users', 'roles', 'eve@example.com'],
      /no such user|not found|there is no/i,
    ],
    [
      'an unknown role',
      ['users', 'roles', 'bob@example.com', '--take', 'x', '--give', 'no such'],
      /./,
    ],
    ['an address that is none', ['sessions', 'list', '--ip', 'office'], /ip/],
  ])('refuse %s, and say what is wrong', async (_, args, message) => {
    const { exitCode, output, errors } = await cli(...args);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['nobody', ['users', 'show'], /^Missing required argument 'account'\n/],
    ['two accounts', ['users', 'disable', 'a@b.example', 'c@d.example'], /^Too many arguments /],
    ['an unknown status', ['users', 'list', '--status', 'gone'], /choices are active, disabled\./],
    ['an unknown state', ['sessions', 'list', '--state', 'gone'], /choices are live, ended, /],
    [
      'a misspelt option',
      ['users', 'list', '--jsno'],
      /^Unknown option '--jsno'\n\(Did you mean --json\?\)\n/,
    ],
    [
      'a number that is none',
      ['clients', 'rotate-secret', 'x', '--former-valid-seconds', '1e3'],
      /whole number from 0 to 604800/,
    ],
  ])('do nothing for %s: exit code 2, and where more is said', async (_, args, message) => {
    const { exitCode, output, errors } = await cli(...args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(message);
    expect(errors).toMatch(/\n"npm run cli -- \w+ [\w-]+ --help" says more\.\n$/);
  });
});
