import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importUsersCommand } from '../../../../src/latchkey/operations/cli/user-import.command.js';
import { signIn } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { shippedProgram } from '../../../support/programs/program.js';
import { runHere } from '../../../support/run-here.js';
import { freshDirectory, ServiceProcess } from '../../../support/service-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { eventsDuring } from '../../audit/stored-events.js';

/** `IMPORTED_USERS=100000 npm test -- test/latchkey/users/accounts/importing-users` for a large one. */
const USERS = Number(process.env.IMPORTED_USERS ?? repeated({ quick: 3_000, full: 12_000 }));
const PROGRESS_LINES = 10_000;
/** At the end of the file, so that it is long enough to tell of its progress. */
const EMPTY_LINES = Math.max(0, PROGRESS_LINES - USERS);
const LINES = USERS + EMPTY_LINES;
const BATCH_SIZE = 1_000;
const HOUR_MILLISECONDS = 3_600_000;
const TIMEOUT_MILLISECONDS = 60_000 + USERS * 5;

const PASSWORD = 'seven grüne kites';
/** Of that password, as test/latchkey/users/passwords/foreign-hashes.test.ts has them. */
const OTHER_KINDS = {
  'scrypt@old.example':
    '$scrypt$ln=10,r=8,p=1$c2l4dGVlbiBieXRlIHNsdA$Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM',
  'pbkdf2-sha1@old.example':
    '$pbkdf2-sha1$i=1000$c2l4dGVlbiBieXRlIHNsdA$Myt2Zf6gFtx31yugzj7NLAquyu8',
  'pbkdf2-sha256@old.example':
    'pbkdf2_sha256$1000$saltOfDjango$3rIfJfsxYoelo1YdSRxqzd37J05F/GOWqJIDJlAZASA=',
};

let stores: Stores;
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let app: TestApp;
beforeAll(async () => {
  stores = await createStores();
  // A day that is read in this time zone is the day before.
  await stores.query(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'Pacific/Auckland');
  END $$`);
  directory = await freshDirectory();
  app = await TestApp.start({ stores });
});
afterAll(async () => {
  await app.stop();
  await stores.drop();
  await directory.remove();
});

const start = async (...args: string[]) =>
  ServiceProcess.run([await shippedProgram('cli'), 'users', 'import', ...args], directory.path, {
    ...CHEAP_ENOUGH_FOR_TESTS,
    DATABASE_URL: stores.databaseUrl,
  });

const importHere = (...args: string[]) => runHere(importUsersCommand, app, args);

const file = (name: string) => join(directory.path, name);
const emailOf = (index: number) => `user-${index}@old.example`;
const passwordOf = (index: number) => `${PASSWORD} ${index % 3}`;

async function countUsers(where = 'true'): Promise<number> {
  const [row] = await stores.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM users WHERE ${where}`,
  );
  return row?.count ?? 0;
}

/** Statements of imports that are under way, whoever began them. */
async function busyImports(): Promise<number> {
  const rows = await stores.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query LIKE '%json_to_recordset%'
       AND pid <> pg_backend_pid()`,
  );
  return rows.length;
}

async function hashOf(email: string): Promise<string | undefined> {
  const [row] = await stores.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM users WHERE email = $1',
    [email],
  );
  return row?.hash;
}

describe('a large file of users', () => {
  beforeAll(async () => {
    const kinds = ['$2a$', '$2b$', '$2y$'];
    const hashes = await Promise.all(
      kinds.map(async (kind, index) =>
        (await bcrypt.hash(passwordOf(index), 4)).replace('$2b$', kind),
      ),
    );
    const others = Object.entries(OTHER_KINDS).map(([email, passwordHash]) => ({
      email,
      passwordHash,
    }));
    const users = Array.from({ length: USERS - others.length }, (_, index) => ({
      email: emailOf(index),
      passwordHash: hashes[index % 3],
      emailVerified: true,
      name: `User ${index}`,
      createdAt: new Date(Date.UTC(2015, 0, 1) + index * 1_000).toISOString(),
    }));
    const lines = [...others, ...users].map((user) => `${JSON.stringify(user)}\n`);
    await writeFile(file('users.ndjson'), lines.join('') + '\n'.repeat(EMPTY_LINES));
  });

  it(
    'can be tried out first',
    async () => {
      const events = await eventsDuring(stores, async () => {
        expect(await importHere(file('users.ndjson'), '--dry-run')).toEqual({
          output: `Nothing was changed. It would be: ${LINES} lines: ${USERS} imported, 0 skipped, 0 refused
`,
        });
      });
      expect([await countUsers(), events]).toEqual([0, []]);
    },
    onThisMachine(TIMEOUT_MILLISECONDS),
  );

  it(
    'can be killed at any line: what is there is whole, and the next run goes on',
    async () => {
      const killed = await start('users.ndjson');
      const inTheWay = new pg.Client({ connectionString: stores.databaseUrl });
      await inTheWay.connect();
      // A registration that has not been committed holds up the second batch.
      await inTheWay.query(`BEGIN`);
      await inTheWay.query(
        `INSERT INTO users (id, email, email_key) VALUES (gen_random_uuid(), $1, $1)`,
        [emailOf(BATCH_SIZE + 100)],
      );
      await eventually(async () => expect(await countUsers()).toBe(BATCH_SIZE), { within: 60 });
      await killed.stop('SIGKILL');
      await inTheWay.query('ROLLBACK');
      await inTheWay.end();
      await eventually(async () => expect(await busyImports()).toBe(0), { within: 10 });
      expect((await countUsers()) % BATCH_SIZE).toBe(0);
      expect(
        await countUsers('NOT EXISTS (SELECT 1 FROM user_roles WHERE user_id = users.id)'),
      ).toBe(0);

      const events = await eventsDuring(stores, async () => {
        const there = await countUsers();
        const { exitCode, output, errors } = await (await start('users.ndjson')).ended();
        expect(output).toBe(
          `${LINES} lines: ${USERS - there} imported, ${there} skipped, 0 refused\n`,
        );
        const progress = Array.from({ length: Math.floor(LINES / PROGRESS_LINES) }, (_, index) => {
          const lines = (index + 1) * PROGRESS_LINES;
          return `${lines} lines: ${Math.min(lines, USERS) - there} imported, ${there} skipped, 0 refused\n`;
        });
        expect(progress).not.toEqual([]);
        expect(errors).toBe(progress.join(''));
        expect(exitCode).toBe(0);
      });
      expect(await countUsers()).toBe(USERS);
      const [begun, done] = events;
      expect(begun).toMatchObject({ action: 'users.import_started', request_id: 'operator' });
      expect(done).toMatchObject({
        action: 'users.imported',
        details: {
          importId: begun?.details.importId,
          file: 'users.ndjson',
          lines: LINES,
          refused: 0,
        },
      });
      expect(events).toHaveLength(2);
      expect(await countUsers(`import_id = '${begun?.details.importId}'`)).toBe(
        done?.details.imported,
      );
    },
    onThisMachine(TIMEOUT_MILLISECONDS),
  );

  it.each<[kind: string, email: string, password: string]>([
    ['bcrypt 2a', emailOf(0), passwordOf(0)],
    ['bcrypt 2b', emailOf(1), passwordOf(1)],
    ['bcrypt 2y', emailOf(2), passwordOf(2)],
    ['the last of all', emailOf(USERS - 4), passwordOf(USERS - 4)],
    ...Object.keys(OTHER_KINDS).map((email): [string, string, string] => [email, email, PASSWORD]),
  ])(
    '%s: signs in once by the old hash, and from then on by a new one',
    async (_, email, password) => {
      const old = await hashOf(email);
      expect(old).toMatch(/^\$(2b|scrypt|pbkdf2-sha(1|256))\$/);
      const wrong = await app.api.post('/auth/login', { email, password: `${password}!` });
      expect([wrong.status, await hashOf(email)]).toEqual([401, old]);

      const session = await signIn(app.api, email, password);
      const renewed = await hashOf(email);
      expect(renewed).toMatch(/^\$argon2id\$v=19\$m=64,/);
      await signIn(app.api, email, password);
      expect(await hashOf(email)).toBe(renewed);
      const me = await app.api.get('/users/me', { token: session.accessToken });
      expect(me.body).toMatchObject({ email, roles: ['user'], status: 'active' });
    },
  );

  it('is listed by when each account was made', async () => {
    const listed = await stores.query<{ email: string }>(
      `SELECT email FROM users WHERE name IS NOT NULL ORDER BY id LIMIT 3`,
    );
    expect(listed.map(({ email }) => email)).toEqual([0, 1, 2].map(emailOf));
  });
});

const SALT_AND_DIGEST = 'c2l4dGVlbiBieXRlIHNsdA$Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM';
const UNFIT_HASHES: [hash: string, reason: string][] = [
  [`$argon2id$v=19$m=0,t=1,p=1$${SALT_AND_DIGEST}`, 'argon2id that no password can be checked'],
  [`$argon2id$v=19$m=64,t=1,p=9$${SALT_AND_DIGEST}`, 'argon2id that no password can be checked'],
  [`$argon2id$v=19$m=64,t=0,p=1$${SALT_AND_DIGEST}`, 'argon2id that no password can be checked'],
  [`$argon2id$v=19$m=64,t=1,p=0$${SALT_AND_DIGEST}`, 'argon2id that no password can be checked'],
  [`$argon2id$v=19$m=64,m=64,t=1$${SALT_AND_DIGEST}`, 'argon2id that no password can be checked'],
  [`$scrypt$ln=16,r=1,p=1$${SALT_AND_DIGEST}`, 'scrypt that no password can be checked against: N'],
  [`$argon2i$v=19$m=64,t=1,p=1$${SALT_AND_DIGEST}`, 'argon2i, in no form that can be verified'],
  [`$2x$10$${'a'.repeat(53)}`, 'bcrypt of a variant that is known to be broken'],
  [`$2b$10$${'a'.repeat(50)}`, 'bcrypt, in no form that can be verified'],
  ['$6$saltsalt$digest', 'SHA-512-crypt'],
  ['$P$B12345678abcdefghijklmnopqrstuv', 'phpass'],
  ['{SSHA}0123456789abcdef', 'a scheme of LDAP'],
  ['5f4dcc3b5aa765d61d8327deb882cf99', 'a bare digest'],
];

describe('lines that hold no user', () => {
  const HASH = '$2b$04$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.2';
  const user = (fields: object) =>
    JSON.stringify({ email: 'new@new.example', passwordHash: HASH, ...fields });

  const MIXED: [line: string | Buffer, reason: string | null][] = [
    [`\ufeff${user({ email: 'first@new.example', roles: ['admin', 'user', 'user'] })}\r`, null],
    ['', null],
    [HASH, 'is not JSON'],
    ['{"email":', 'is not JSON'],
    [Buffer.from(user({ email: 'latin@new.example', name: 'J\xfcrgen' }), 'latin1'), 'UTF-8'],
    ['[]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    [`{"email":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, 'is nested too deeply or too full'],
    [`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 'is nested too deeply or too full'],
    [user({ roles: Array(20_000).fill(1) }), 'is nested too deeply or too full'],
    [user({ constructor: 'x' }), 'property constructor should not exist'],
    ['{}', 'email must be an e-mail address'],
    [user({ email: 'nobody' }), 'email must be an e-mail address'],
    [user({ passwordHash: undefined }), 'passwordHash must be null or a hash of a known form'],
    [user({ passwordHash: 'hunter2hunter2' }), 'passwordHash must be null or a hash'],
    ...UNFIT_HASHES.map(([passwordHash, reason]): [string, string] => [
      user({ passwordHash }),
      `passwordHash is ${reason}`,
    ]),
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'is not a JSON object'],
    [user({ email: { a: { a: {} } } }), 'the line is nested too deeply'],
    [`{"email":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'the line is nested too deeply'],
    [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'the line is nested too deeply'],
    [
      user({ passwordHash: HASH.replace('$04$', '$31$') }),
      'passwordHash is bcrypt and must cost at most a cost of 14',
    ],
    [
      user({ passwordHash: '$scrypt$ln=30,r=8,p=1$c2l4dGVlbiBieXRlIHNsdA$c2l4dGVlbiBieXRlIHNsdA' }),
      'passwordHash is scrypt and must cost at most N times r 2^20',
    ],
    [user({ password: 'hunter2hunter2' }), 'property password should not exist'],
    [user({ [HASH]: 'hunter2hunter2' }), 'a field has no known name'],
    [user({ name: 'x'.repeat(201) }), 'name must be shorter'],
    [user({ name: 'N\0L' }), 'name must be well-formed Unicode without NUL'],
    [user({ name: 'x'.repeat(70_000) }), 'the line is longer than 65536 bytes'],
    [user({ roles: ['wizard'] }), 'roles names what does not exist: wizard'],
    [user({ roles: 'admin' }), 'roles must be an array'],
    [user({ status: 'asleep' }), 'status must be one of'],
    [user({ emailVerified: 'yes' }), 'emailVerified must be a boolean'],
    [user({ createdAt: '2026-02-30' }), 'createdAt must be an ISO 8601 time'],
    [user({ createdAt: '2999-12-31' }), 'createdAt must not be in the future'],
    [
      user({ createdAt: new Date(Date.now() + HOUR_MILLISECONDS).toISOString() }),
      'createdAt must not be in the future',
    ],
    [user({ email: 'FIRST@new.example' }), null],
    [user({ email: 'none@new.example', passwordHash: null, status: 'disabled' }), null],
    [user({ email: 'day@new.example', createdAt: '2020-02-29' }), null],
    [user({ email: 'offset@new.example', createdAt: '2020-02-29T23:30:00.5+20:00' }), null],
    [user({ email: 'last@new.example', createdAt: '1815-12-10', roles: [] }), null],
  ];

  it('are refused by number and reason, without what they say, and the others imported', async () => {
    const bytes = MIXED.flatMap(([line], index) => [
      ...(index === 0 ? [] : [Buffer.from('\n')]),
      Buffer.from(line),
    ]);
    await writeFile(file('mixed.ndjson'), Buffer.concat(bytes));
    const before = await countUsers();
    const ended = await importHere(file('mixed.ndjson'), '--report', file('why.ndjson'));

    const reasons = MIXED.map(([, reason]) => reason).filter((reason) => reason !== null);
    expect(ended).toEqual({
      output: `${MIXED.length} lines: 5 imported, 1 skipped, ${reasons.length} refused\n`,
      error: `Some lines were refused: ${file('why.ndjson')} says which and why.`,
    });
    const report = await readFile(file('why.ndjson'), 'utf8');
    const told = report
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = MIXED.flatMap(([, reason], index) =>
      reason === null ? [] : [{ line: index + 1, reason: expect.stringContaining(reason) }],
    );
    expect(told).toEqual(refused);
    expect(report).not.toMatch(/\$2b\$|\$scrypt|hunter2|rgen/);
    expect(await countUsers()).toBe(before + 5);
    expect(
      await stores.query(
        `SELECT u.email, u.status, u.password_hash IS NULL AS "withoutPassword", u.email_verified AS verified,
         array(SELECT role_name FROM user_roles WHERE user_id = u.id ORDER BY 1) AS roles
       FROM users u WHERE email IN ('first@new.example', 'last@new.example', 'none@new.example')
       ORDER BY email`,
      ),
    ).toEqual([
      {
        email: 'first@new.example',
        status: 'active',
        withoutPassword: false,
        verified: false,
        roles: ['admin', 'user'],
      },
      {
        email: 'last@new.example',
        status: 'active',
        withoutPassword: false,
        verified: false,
        roles: [],
      },
      {
        email: 'none@new.example',
        status: 'disabled',
        withoutPassword: true,
        verified: false,
        roles: ['user'],
      },
    ]);
  });

  it('give the moment of creation in any form, whatever time zone the database has', async () => {
    const listed = await stores.query(
      `SELECT email, created_at AS "createdAt" FROM users
       WHERE email IN ('day@new.example', 'offset@new.example', 'last@new.example') ORDER BY id`,
    );
    expect(listed).toEqual([
      { email: 'last@new.example', createdAt: new Date('1815-12-10T00:00:00Z') },
      { email: 'day@new.example', createdAt: new Date('2020-02-29T00:00:00Z') },
      { email: 'offset@new.example', createdAt: new Date('2020-02-29T03:30:00.5Z') },
    ]);
  });

  it.each([
    ['no file', [], /^Missing required argument 'file'/],
    ['two files', ['mixed.ndjson', 'users.ndjson'], /^Too many arguments/],
    [
      'a file that is not there',
      ['nowhere.ndjson'],
      /nowhere\.ndjson cannot be opened \(ENOENT\)\.$/,
    ],
    [
      'a report in place of the file',
      ['mixed.ndjson', '--report', 'mixed.ndjson'],
      /^The report would overwrite/,
    ],
  ])('%s: nothing is done, and it says why', async (_, args, message) => {
    const paths = args.map((arg) => (arg.startsWith('--') ? arg : file(arg)));
    expect(await importHere(...paths)).toEqual({
      output: '',
      error: expect.stringMatching(message),
    });
    expect(await readFile(file('mixed.ndjson'))).not.toHaveLength(0);
  });
});
