import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { shippedProgram } from '../../support/programs/program.js';
import {
  type Ended,
  freshDirectory,
  type ProcessEnvironment,
  ServiceProcess,
} from '../../support/service-process.js';
import { createStores, type Stores } from '../../support/stores.js';

describe('a start that cannot succeed', () => {
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

  const start = async (env: ProcessEnvironment): Promise<Ended> =>
    ServiceProcess.run([await shippedProgram('main')], directory.path, {
      PORT: '0',
      ...env,
    }).ended();

  /** It ends with an exit code and one message for a person: no stack, no log in between. */
  async function expectRefusal(env: ProcessEnvironment, message: RegExp): Promise<string> {
    const { exitCode, output, errors } = await start(env);
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    return errors;
  }

  it('for its environment names everything that is wrong, and no value', async () => {
    const errors = await expectRefusal(
      { NODE_ENV: 'production', APP_SECRETS: 'hunter2', JWT_ALGORITHM: 'hunter3' },
      /^Latchkey cannot start\. The environment is not valid:(\n {2}- [A-Z_]+ .*){4}\n$/,
    );
    for (const variable of ['APP_SECRETS', 'DATABASE_URL', 'JWT_ISSUER']) {
      expect(errors).toContain(`- ${variable} must`);
    }
    expect(errors).not.toContain('hunter');
  });

  it('for a Postgres that nobody runs says so, without the password', async () => {
    const DATABASE_URL = `postgres://latchkey:hunter2@127.0.0.1:${await findFreePort()}/latchkey`;
    const errors = await expectRefusal(
      { DATABASE_URL },
      /^Latchkey cannot start\. The database at DATABASE_URL cannot be used \(.*ECONNREFUSED.*\)\. .*\n$/,
    );
    expect(errors).not.toContain('hunter2');
  });

  it('for a database that is not there says so', async () => {
    const url = Object.assign(new URL(stores.databaseUrl), { pathname: '/nowhere' });
    await expectRefusal(
      { DATABASE_URL: url.href },
      /^Latchkey cannot start\. The database at DATABASE_URL cannot be used \(database "nowhere" does not exist\)\. .*\n$/,
    );
  });

  it('for a database that a newer version has migrated names what it does not know', async () => {
    const newer = await createStores();
    const name = 'WriteTheFuture1990000000000';
    await newer.query('INSERT INTO migrations (timestamp, name) VALUES (1990000000000, $1)', [
      name,
    ]);
    await expectRefusal(
      { DATABASE_URL: newer.databaseUrl },
      /^Latchkey cannot start\. The database has been migrated by a newer version: it has WriteTheFuture1990000000000, .*\n$/,
    );
    // As the migrations of a feature that was removed: others have come after it.
    await newer.query('UPDATE migrations SET id = 0 WHERE name = $1', [name]);
    const service = ServiceProcess.run(['dist/cli.js', 'migrate'], directory.path, {
      DATABASE_URL: newer.databaseUrl,
    });
    expect((await service.ended()).exitCode).toBe(0);
    await newer.drop();
  });

  it('for a migration that fails names it, and nothing of it has been applied', async () => {
    const conflicting = await createStores();
    await conflicting.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await conflicting.query('CREATE TABLE users (id integer)');
    await expectRefusal(
      { DATABASE_URL: conflicting.databaseUrl },
      /^Latchkey cannot start\. A database migration failed: .*relation "users" already exists.*\n$/,
    );
    const tables = await conflicting.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const names = tables.map((table) => table.table_name);
    expect(names).not.toContain('user_roles');
    await conflicting.drop();
  });
});
