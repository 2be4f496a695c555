import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const register = (body: unknown, at: TestApp = app) => at.api.post('/auth/register', body);
const countUsers = async (): Promise<number> => {
  const [row] = await app.stores.query<{ count: number }>('SELECT count(*)::int FROM users');
  return row?.count ?? 0;
};

describe('registering', () => {
  it('makes an active account with the role user and no tokens', async () => {
    const email = `Ada.${uniqueEmail()}`;
    const answer = await register({ email, password: PASSWORD, name: 'Ada Lovelace' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      user: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        email,
        emailVerified: false,
        name: 'Ada Lovelace',
        locale: null,
        roles: ['user'],
        status: 'active',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each([[{}], [{ name: null }]])('takes no name: %j', async (name) => {
    const { status, body } = await register({ email: uniqueEmail(), password: PASSWORD, ...name });
    expect([status, body.user.name]).toEqual([201, null]);
  });

  it.each([
    ['roles', ['admin']],
    ['status', 'active'],
    ['emailVerified', true],
    ['id', '01890000-0000-7000-8000-000000000000'],
    ['permissions', ['*']],
  ])('refuses %s in the body, and makes no account', async (field, value) => {
    const before = await countUsers();
    const answer = await register({ email: uniqueEmail(), password: PASSWORD, [field]: value });
    expect(refusalOf(answer)).toEqual(invalid(field));
    expect(await countUsers()).toBe(before);
  });

  it.each([
    ['no e-mail', { password: PASSWORD }, ['email']],
    ['nothing', {}, ['email', 'password']],
    ['an e-mail that is none', { email: 'ada', password: PASSWORD }, ['email']],
    ['spaces around it', { email: ' ada@example.com ', password: PASSWORD }, ['email']],
    ['a line break in it', { email: 'ada@example.com\r\nBcc: x', password: PASSWORD }, ['email']],
    ['a NUL in it', { email: 'a\0da@example.com', password: PASSWORD }, ['email']],
    [
      'an e-mail too long',
      { email: `${'a'.repeat(64)}@${'b'.repeat(190)}.com` },
      ['email', 'password'],
    ],
    ['a list of e-mails', { email: ['ada@example.com'], password: PASSWORD }, ['email']],
    ['an empty name', { email: 'ada@example.com', password: PASSWORD, name: '' }, ['name']],
    ['a number as name', { email: 'ada@example.com', password: PASSWORD, name: 7 }, ['name']],
    [
      'a long name',
      { email: 'a@example.com', password: PASSWORD, name: 'x'.repeat(201) },
      ['name'],
    ],
    ['half a character', { email: 'a@example.com', password: PASSWORD, name: '\ud83d' }, ['name']],
  ])('refuses %s', async (_, body, fields) => {
    expect(refusalOf(await register(body))).toEqual(invalid(...fields));
  });

  it.each([['[]'], ['"text"'], ['7'], ['null'], ['[{"email":"ada@example.com"}]']])(
    'refuses %s as a body',
    async (body) => {
      expect(refusalOf(await register(body))).toEqual(refused(400, 'request.malformed'));
    },
  );
});

describe('an address has one account', () => {
  it.each([
    ['the same', 'taken@example.com', 'taken@example.com'],
    ['another case', 'Case@example.com', 'cASE@EXAMPLE.com'],
    ['decomposed', 'zo\u00eb@example.com', 'zoe\u0308@example.com'],
    ['full-width letters', 'plain@example.com', '\uff50\uff4c\uff41\uff49\uff4e@example.com'],
    ['a ligature', 'office@example.com', 'o\ufb03ce@example.com'],
    ['another case of another script', 'παπας@example.com', 'ΠΑΠΑΣ@example.com'],
  ])('%s', async (_, first, second) => {
    expect((await register({ email: first, password: PASSWORD })).status).toBe(201);
    const again = await register({ email: second, password: PASSWORD });
    expect(refusalOf(again)).toEqual(refused(409, 'users.email_taken'));
    for (const email of [first, second]) {
      const login = await app.api.post('/auth/login', { email, password: PASSWORD });
      expect([login.status, login.body.user.email]).toEqual([200, first]);
    }
  });

  it('even when twenty ask for it at once', async () => {
    const [mailbox, domain] = uniqueEmail().split('@');
    const before = await countUsers();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        register({
          email: `${turn % 2 === 0 ? mailbox : mailbox?.toUpperCase()}@${domain}`,
          password: `${PASSWORD} ${turn}`,
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(19).fill(409)]);
    expect(await countUsers()).toBe(before + 1);
    const events = await app.stores.query(
      `SELECT 1 FROM audit_events JOIN users ON users.id::text = target_id
       WHERE action = 'user.registered' AND lower(email) = $1`,
      [`${mailbox}@${domain}`],
    );
    expect(events).toHaveLength(1);
  });
});

describe('how registration is set', () => {
  it('closed: nobody registers', async () => {
    const closed = await TestApp.start({ stores: app.stores, env: { REGISTRATION: 'closed' } });
    const before = await countUsers();
    const answer = await register({ email: uniqueEmail(), password: PASSWORD }, closed);
    await closed.stop();
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.registration_closed'));
    expect(await countUsers()).toBe(before);
  });

  it('with e-mail verification required, nobody learns whether an address is known', async () => {
    const env = { EMAIL_VERIFICATION: 'required' };
    const verifying = await TestApp.start({ stores: app.stores, env });
    const email = uniqueEmail();
    const before = await countUsers();
    const unknown = await register({ email, password: PASSWORD }, verifying);
    const known = await register({ email: email.toUpperCase(), password: PASSWORD }, verifying);
    const weak = await register({ email, password: 'short' }, verifying);
    await verifying.stop();
    expect([unknown.status, unknown.text]).toEqual([202, '{}']);
    expect([known.status, known.text]).toEqual([202, '{}']);
    expect([...known.headers.keys()]).toEqual([...unknown.headers.keys()]);
    expect(refusalOf(weak)).toEqual(invalid('password'));
    expect(await countUsers()).toBe(before + 1);
  });
});
