import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Jest cannot load one module twice at once: what the migrations import is loaded before them.
import '../../../src/latchkey/latchkey.module.js';
import { connect } from '../../../src/latchkey/platform/database/connection/connect.js';
import { dataSourceOptions } from '../../../src/latchkey/platform/database/connection/data-source-options.js';
import {
  DatabaseLocation,
  latchkeySources,
} from '../../../src/latchkey/platform/database/database-location.js';
import { migrate } from '../../../src/latchkey/platform/database/migrate.js';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../builders/accounts.js';
import { runCommandLine } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { ServedProcess } from '../../support/served-process.js';
import { type Ended, freshDirectory } from '../../support/service-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';
import { storedEvents } from './stored-events.js';

const mark = randomBytes(4).toString('hex');
const owner = `owner_${mark}`;
const app = `latchkey_app_${mark}`;
const BOOTSTRAP = {
  BOOTSTRAP_ADMIN_EMAIL: 'root@example.com',
  BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
};

let stores: Stores;
let service: ServedProcess;
let asApp: pg.Client;
let admin: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  await stores.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${mark}'`);
  await stores.query('DROP SCHEMA public CASCADE');
  await stores.query(`CREATE SCHEMA public AUTHORIZATION ${owner}`);
  await migrateAs(owner);
  const [createRole = '', grants = ''] = await documentedSql();
  await stores.query(createRole.replace(/PASSWORD '.*'/, `PASSWORD '${mark}'`));
  await runAs(owner, grants);

  service = await ServedProcess.start(
    { ...stores, databaseUrl: urlOf(app) },
    { ...BOOTSTRAP, LOG_LEVEL: 'info', RETENTION_INTERVAL_SECONDS: '1' },
  );
  admin = await signIn(service.api, BOOTSTRAP.BOOTSTRAP_ADMIN_EMAIL);
  asApp = new pg.Client(urlOf(app));
  await asApp.connect();
}, onThisMachine(60_000));
afterAll(async () => {
  await asApp.end();
  await service.kill();
  await stores.query(`DROP OWNED BY ${app}`);
  await stores.query(`DROP OWNED BY ${owner}`);
  await stores.query(`DROP ROLE ${owner}, ${app}`);
  await stores.drop();
});

function urlOf(role: string): string {
  return Object.assign(new URL(stores.databaseUrl), { username: role, password: mark }).href;
}

/** What docs/audit.md tells operators to run, with roles of this test's own. */
async function documentedSql(): Promise<string[]> {
  const text = await readFile('docs/audit.md', 'utf8');
  const blocks = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql ?? '');
  return blocks.map((sql) => sql.replaceAll('latchkey_app', app));
}

async function runAs(role: string, sql: string): Promise<void> {
  const client = new pg.Client(urlOf(role));
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function migrateAs(role: string): Promise<string[]> {
  const options = await dataSourceOptions(new DatabaseLocation(urlOf(role), [latchkeySources]), {
    poolSize: 2,
  });
  const dataSource = await connect({ ...options, logger: 'debug' });
  return migrate(dataSource).finally(() => dataSource.destroy());
}

async function cli(role: string, ...args: string[]): Promise<Ended> {
  const directory = await freshDirectory();
  const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: urlOf(role) };
  const ended = runCommandLine(args, { directory: directory.path, env });
  return ended.finally(() => directory.remove());
}

describe('a service whose database role owns nothing', () => {
  it('does all that it does, and writes down what happened', async () => {
    const user = await signUp(service);
    const { api } = service;
    const as = { token: admin.accessToken };
    const answers = [
      await api.post('/auth/refresh', { refreshToken: user.refreshToken }),
      await api.patch('/users/me', { name: 'Ada' }, { token: user.accessToken }),
      await api.post('/admin/roles', { name: 'writer', permissions: ['notes:write'] }, as),
      await api.put(`/admin/users/${user.userId}/roles`, { roles: ['writer'] }, as),
      await api.delete(`/admin/sessions/${user.sessionId}`, as),
      await api.delete(`/admin/users/${user.userId}/sessions`, as),
      await api.delete(`/admin/users/${user.userId}`, as),
      await api.post('/admin/keys/rotate', { force: true }, as),
      await api.get('/admin/audit-events', as),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 201, 200, 204, 200, 204, 200, 200,
    ]);
    const events = await storedEvents(stores);
    for (const action of ['session.started', 'session.ended', 'user.deleted', 'key.rotated']) {
      expect(events.map((event) => event.action)).toContain(action);
    }
    const owned = await stores.query(
      'SELECT FROM pg_shdepend WHERE refobjid = $1::regrole AND deptype = $2',
      [app, 'o'],
    );
    expect(owned).toEqual([]);
  });

  it.each([
    [`UPDATE audit_events SET reason = 'nothing'`],
    ['DELETE FROM audit_events'],
    [`DELETE FROM audit_events WHERE created_at < now() - interval '401 days'`],
    ['TRUNCATE audit_events'],
    ['DROP TABLE audit_events'],
    ['ALTER TABLE audit_events DISABLE TRIGGER ALL'],
    ['DROP TRIGGER audit_events_append_only ON audit_events'],
    [`ALTER FUNCTION refuse_to_change_audit_events RENAME TO nothing`],
    [
      'INSERT INTO audit_events SELECT * FROM audit_events ON CONFLICT (id) DO UPDATE SET reason = $$x$$',
    ],
    ['CREATE RULE nothing AS ON INSERT TO audit_events DO INSTEAD NOTHING'],
    ['CREATE TABLE audit (id integer)'],
    ['CREATE SCHEMA audit'],
    ['SET session_replication_role = replica'],
    ['SET ROLE postgres'],
    ['DELETE FROM migrations'],
  ])('is refused by Postgres: %s', async (sql) => {
    const before = await storedEvents(stores);
    expect(before.length).toBeGreaterThan(0);
    await expect(asApp.query(sql)).rejects.toThrow(/^(permission denied|must be owner)/);
    expect(await storedEvents(stores)).toEqual(before);
  });

  it('may use the tables of later migrations', async () => {
    await runAs(owner, 'CREATE TABLE notes (id bigserial, text text)');
    await asApp.query(`INSERT INTO notes (text) VALUES ('one')`);
    await asApp.query(`UPDATE notes SET text = 'two'`);
    expect((await asApp.query('DELETE FROM notes RETURNING text')).rows).toEqual([{ text: 'two' }]);
  });
});

describe('old audit events', () => {
  const old = () =>
    stores.query(`SELECT id FROM audit_events WHERE created_at < now() - interval '400 days'`);
  const lapsed = () => stores.query(`SELECT id FROM revocation_log WHERE subject = 'lapsed'`);

  async function letRetentionRun(): Promise<void> {
    await stores.query(
      `INSERT INTO revocation_log (kind, subject, expires_at)
       VALUES ('session', 'lapsed', clock_timestamp() - interval '3 days')`,
    );
    await eventually(async () => expect(await lapsed()).toEqual([]), { within: 15 });
  }

  beforeAll(async () => {
    await stores.query(
      `INSERT INTO audit_events (id, created_at, action, outcome)
       SELECT gen_random_uuid(), now() - interval '401 days', 'session.started', 'success'
       FROM generate_series(1, 3)`,
    );
  });

  it('are left by the service, which says so once and removes the rest', async () => {
    await letRetentionRun();
    await letRetentionRun();
    expect(await old()).toHaveLength(3);
    await eventually(() => expect(service.log.match(/may not delete them/g)).toHaveLength(1), {
      within: 5,
    });
    expect(service.log).not.toContain('Removing old records failed');
  });

  it(
    'are removed by a command of the owner, and of nobody else',
    async () => {
      const refused = await cli(app, 'retention', 'run');
      expect(refused).toMatchObject({ exitCode: 1, output: '' });
      expect(refused.errors).toMatch(/^The role of DATABASE_URL may not delete .*\n$/);
      expect(await old()).toHaveLength(3);
      const younger = (await storedEvents(stores)).length - 3;

      expect(await cli(owner, 'retention', 'run')).toMatchObject({ exitCode: 0, errors: '' });
      expect(await old()).toEqual([]);
      expect(await storedEvents(stores)).toHaveLength(younger);
    },
    onThisMachine(60_000),
  );
});

describe('migrations', () => {
  it('that are all done need no more than to be read', async () => {
    expect(await migrateAs(app)).toEqual([]);
  });

  it('that are not are left to the owner: the start says so', async () => {
    const [last] = await stores.query<{ id: number; name: string; timestamp: string }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING *',
    );
    await expect(migrateAs(app)).rejects.toThrow(
      /^The schema is not up to date, and the role of DATABASE_URL may not change it \((permission denied|must be owner).*\)\. Run "npm run cli -- migrate" with /,
    );
    await stores.query('INSERT INTO migrations VALUES ($1, $2, $3)', [
      last?.id,
      last?.timestamp,
      last?.name,
    ]);
  });
});
