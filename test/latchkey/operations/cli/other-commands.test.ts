import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { postForm } from '../../../builders/clients.js';
import { CommonContext, runCommandLine } from '../../../support/command-line.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf } from '../../../support/refusal.js';
import { type Ended, freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const NOBODY = '0190f3c0-0000-7000-8000-000000000000';

const context = new CommonContext();
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  directory = await freshDirectory();
  app = await startTestApp({ OUTBOX_WORKER: 'off' });
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
  return runCommandLine(args, { directory: directory.path, env, context });
};
const objectsIn = ({ output }: Ended) =>
  output
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const refusalIn = (one: SignedIn, code: string) =>
  eventually(
    async () => {
      const answer = await app.api.get('/auth/me', { token: one.accessToken });
      expect(refusalOf(answer).code).toBe(code);
    },
    { within: 5 },
  );

describe('on the command line, beside a service that runs', () => {
  it(
    'audit events are listed, the newest first, as many as asked for',
    async () => {
      const { userId } = await signUp(app);
      const all = objectsIn(await cli('audit', 'list', '--limit', '250', '--json'));
      const two = objectsIn(await cli('audit', 'list', '--limit', '2', '--json'));
      expect(two.map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id));
      expect(all.map(({ id }) => id)).toEqual(
        all
          .map(({ id }) => id)
          .sort()
          .reverse(),
      );
      const about = await cli('audit', 'list', '--about', userId, '--action', 'user.registered');
      expect(about.output).toMatch(
        new RegExp(`^\\S+Z  user\\.registered +success .* user ${userId} .*\n$`),
      );
      expect(await cli('audit', 'list', '--limit', '0')).toMatchObject({ exitCode: 2, output: '' });
    },
    onThisMachine(60_000),
  );

  it(
    'messages that were given up are listed, and tried again',
    async () => {
      await app.stores.query(
        `INSERT INTO outbox (id, kind, recipient, payload, state, gives_up_at, settled_at, last_error)
         VALUES ($1, 'mail', 'x', '{}', 'dead', now(), now(), 'no such host')`,
        [NOBODY],
      );
      const dead = await cli('outbox', 'list', '--state', 'dead');
      expect(dead.output).toMatch(new RegExp(`^${NOBODY} .* dead +mail +0 +no such host\n$`));
      expect(await cli('outbox', 'retry', NOBODY)).toMatchObject({
        exitCode: 0,
        output: `${NOBODY} is tried again.\n`,
      });
      expect((await cli('outbox', 'list', '--state', 'dead')).output).toBe('');
      await app.stores.query('DELETE FROM outbox WHERE id = $1', [NOBODY]);
      expect((await cli('outbox', 'retry', NOBODY)).errors).toMatch(/no such message/);
    },
    onThisMachine(60_000),
  );

  it(
    'a role is deleted unless somebody holds it',
    async () => {
      await cli('roles', 'create', 'clerk', '--permission', 'users:read');
      const { userId } = await signUp(app);
      await cli('users', 'roles', userId, '--give', 'clerk');
      expect(await cli('roles', 'delete', 'clerk')).toMatchObject({
        exitCode: 1,
        errors: expect.stringMatching(/holds the role/),
      });
      await cli('users', 'roles', userId, '--take', 'clerk');
      expect((await cli('roles', 'delete', 'clerk')).output).toBe('clerk is deleted.\n');
      expect((await cli('roles', 'list')).output).not.toContain('clerk');
    },
    onThisMachine(60_000),
  );

  it(
    'one session ends, and no other',
    async () => {
      const one = await signUp(app);
      const other = await signUp(app);
      expect((await cli('sessions', 'end', one.sessionId)).output).toBe(
        `${one.sessionId} is ended.\n`,
      );
      await refusalIn(one, 'access.token_revoked');
      expect((await app.api.get('/auth/me', { token: other.accessToken })).status).toBe(200);
      for (const id of [one.sessionId, NOBODY, 'x']) {
        expect((await cli('sessions', 'end', id)).exitCode).toBe(1);
      }
    },
    onThisMachine(60_000),
  );

  it(
    'the language of mails is set and left to requests, and an account is deleted',
    async () => {
      const { email, userId } = await signUp(app);
      await cli('users', 'change', email, '--locale', 'de');
      expect(objectsIn(await cli('users', 'show', email, '--json'))).toMatchObject([
        { locale: 'de', identities: [] },
      ]);
      expect((await cli('users', 'change', email, '--locale', 'none')).output).toContain(
        'the language of each request',
      );
      expect((await cli('users', 'delete', email)).output).toBe(
        `${email} is deleted (${userId}).\n`,
      );
      expect((await cli('users', 'show', userId)).errors).toBe('There is no such user.\n');
    },
    onThisMachine(60_000),
  );

  it(
    'a client is shown, changed, disabled and enabled',
    async () => {
      const { output } = await cli('clients', 'create', '--name', 'billing', '--role', 'user');
      const [, id = '', secret = ''] = /^client_id=(.*)\nclient_secret=(.*)\n$/.exec(output) ?? [];
      const letsIn = async () =>
        (await postForm(app.api, '/oauth/introspect', { token: 'x' }, { id, secret })).status;
      expect(await letsIn()).toBe(200);
      await cli('clients', 'change', id, '--name', 'accounts', '--role', '');
      expect(objectsIn(await cli('clients', 'show', id, '--json'))).toMatchObject([
        { id, name: 'accounts', roles: [], status: 'active' },
      ]);
      expect((await cli('clients', 'show', id)).output).toMatch(/^name +accounts$/m);
      expect((await cli('clients', 'disable', id)).output).toBe(`accounts is disabled (${id}).\n`);
      expect(await letsIn()).toBe(401);
      await cli('clients', 'enable', id);
      expect(await letsIn()).toBe(200);
      expect((await cli('clients', 'show', NOBODY)).errors).toBe('There is no such client.\n');
    },
    onThisMachine(60_000),
  );

  it(
    'a service that tokens can be asked for is registered, shown, changed and removed',
    async () => {
      const made = await cli(
        ...['resources', 'create', '--identifier', 'https://orders.example.com', '--name'],
        ...['Orders', '--scope', 'orders:read=See your orders', '--scope', 'orders:write=Order'],
      );
      const [, id = ''] = /^resource=(.*)\n$/.exec(made.output) ?? [];
      expect((await cli('resources', 'list')).output).toMatch(
        new RegExp(`^${id} +https://orders\\.example\\.com +Orders +orders:read,orders:write\n$`),
      );
      await cli('resources', 'change', id, '--name', 'Shop', '--scope', 'orders:read=See them');
      expect(objectsIn(await cli('resources', 'show', id, '--json'))).toMatchObject([
        { id, name: 'Shop', scopes: [{ name: 'orders:read', description: 'See them' }] },
      ]);
      expect((await cli('resources', 'delete', id)).output).toBe(`${id} is removed.\n`);
      expect((await cli('resources', 'show', id)).exitCode).toBe(1);
    },
    onThisMachine(60_000),
  );

  it(
    'a consent is listed and withdrawn, and the trail says whose it was',
    async () => {
      const { email, userId } = await signUp(app);
      const { body } = await app.api.post(
        '/admin/clients',
        { name: 'shop', roles: [], redirectUris: ['https://shop.example/cb'], scopes: ['openid'] },
        { token: admin.accessToken },
      );
      await app.stores.query(
        `INSERT INTO consents (user_id, client_id, scopes) VALUES ($1, $2, '{openid}')`,
        [userId, body.id],
      );
      const listed = await cli('users', 'consents', email);
      expect(listed.output).toMatch(new RegExp(`^${body.id} +\\S+Z +shop +openid\n$`));
      const why = ['--reason', 'It was broken into.'];
      expect(await cli('users', 'consents', email, '--withdraw', body.id, ...why)).toMatchObject({
        exitCode: 0,
        errors: '',
      });
      expect((await cli('users', 'consents', email)).output).toBe('');
      const trail = await cli('audit', 'list', '--about', userId, '--action', 'consent.withdrawn');
      expect(trail.output).toContain(`client ${body.id}`);
      expect(trail.output).toContain('It was broken into.');
      const alone = await cli('users', 'consents', email, ...why);
      expect(alone).toMatchObject({ exitCode: 1, errors: expect.stringContaining('--withdraw') });
      expect((await cli('users', 'identities', email)).output).toBe('');
    },
    onThisMachine(60_000),
  );
});
