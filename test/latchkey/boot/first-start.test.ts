import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { PASSWORD, signIn } from '../../builders/accounts.js';
import { ApiClient } from '../../support/api-client.js';
import { shippedProgram } from '../../support/programs/program.js';
import { type Ended, freshDirectory, ServiceProcess } from '../../support/service-process.js';
import { createStores } from '../../support/stores.js';
import { onThisMachine } from '../../support/time-limits.js';

const DOT_ENV = `
PORT=1
LOGLEVEL=debug
LOG_FORMAT=text
JWT_ISSUER=http://from.dot.env
`;
const MISSPELT = 'Nothing reads LOGLEVEL: did you mean LOG_LEVEL?';

describe('a first start in a directory that holds a .env and nothing else', () => {
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let port: string;
  let service: ServiceProcess;
  beforeAll(async () => {
    directory = await freshDirectory();
    await writeFile(join(directory.path, '.env'), DOT_ENV);
    port = String(await findFreePort());
    service = await ServiceProcess.serve(directory.path, { PORT: port }, ['dist/main.js']);
  }, onThisMachine(90_000));
  afterAll(async () => {
    await service?.destroy();
    await directory.remove();
  });

  const startAgain = async (path: string, env: Record<string, string>): Promise<Ended> =>
    ServiceProcess.run([await shippedProgram('main')], path, env).ended();

  const cli = async (args: string[], input?: string): Promise<Ended> =>
    ServiceProcess.run([await shippedProgram('cli'), ...args], directory.path, {}, input).ended();

  it('says where it serves, where its API is described, and a first request', async () => {
    expect(service.origin).toBe(`http://localhost:${port}`);
    const { output } = service;
    expect(output).toContain(`API description  http://localhost:${port}/docs`);
    expect((await fetch(`${service.origin}/docs`)).status).toBe(200);

    const [, url, header, body] =
      /curl -X POST (\S+) -H '(.*?)' \\\s+-d '(.*?)'/.exec(output) ?? [];
    const [name = '', value = ''] = header?.split(': ') ?? [];
    const answer = await fetch(url ?? '', { method: 'POST', headers: { [name]: value }, body });
    expect(answer.status).toBe(201);
    const { email, password } = JSON.parse(body ?? '{}');
    expect((await signIn(new ApiClient(service.origin), email, password)).userId).toMatch(/./);
  });

  it('says how psql gets in, without saying the password', async () => {
    const [, passwordFile = '', host = '', psqlPort, user = '', database = ''] =
      /PGPASSWORD=\$\(cat (\S+)\) psql -h (\S+) -p (\d+) -U (\S+) (\S+)\n/.exec(service.output) ??
      [];
    const password = await readFile(join(directory.path, passwordFile), 'utf8');
    const client = new pg.Client({ host, port: Number(psqlPort), user, database, password });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS roles FROM roles');
    await client.end();
    expect(rows).toEqual([{ roles: expect.any(Number) }]);
    expect(service.output).not.toContain(password);
  });

  it('leads a visitor of / to the demo, and no other', async () => {
    const visit = (method: string, path: string) =>
      fetch(`${service.origin}${path}`, { method, redirect: 'manual' });
    const answer = await visit('GET', '/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'demo']);
    expect((await fetch(service.origin)).url).toBe(`${service.origin}/demo`);
    expect((await visit('POST', '/')).status).toBe(404);
    expect((await visit('GET', '/nothing')).status).toBe(404);
  });

  it('takes from .env what the environment does not set, and names what nothing reads', async () => {
    const answer = await fetch(`${service.origin}/.well-known/oauth-authorization-server`);
    expect(await answer.json()).toMatchObject({ issuer: 'http://from.dot.env' });
    expect(service.output).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}Settings: Nothing reads LOGLEVEL: did you mean LOG_LEVEL\?$/m,
    );
  });

  it('keeps what it made for itself in .latchkey, closed to others', async () => {
    const keeps = (file: string) => access(join(directory.path, '.latchkey', file));
    await expect(Promise.all([keeps('app-secret'), keeps('postgres')])).resolves.toBeDefined();
    expect(service.output).not.toMatch(/postgres:\/\/|password=/);
  });

  it('is one of a kind: a second on the same data says so and ends', async () => {
    const second = await startAgain(directory.path, { PORT: '0' });
    expect(second.exitCode).toBe(1);
    expect(second.output).not.toContain('serves');
    expect(second.errors).toMatch(
      /^Latchkey cannot start\. Another Latchkey is running on .*: stop it, or set DATABASE_URL .*\n$/,
    );
  });

  it('has its port: another start there says so and ends', async () => {
    const stores = await createStores();
    const env = { PORT: port, DATABASE_URL: stores.databaseUrl };
    const second = await startAgain(directory.path, env);
    await stores.drop();
    expect(second.exitCode).toBe(1);
    expect(second.errors).toBe(
      `Latchkey cannot start. Port ${port} on 127.0.0.1 is taken. Stop what listens there, or set PORT to another one.\n`,
    );
    expect(second.output).not.toContain('serves');
  });

  it('lets the command line make an admin beside it, with the password from a pipe', async () => {
    const made = await cli(['create-admin', '--email', 'root@example.com'], `${PASSWORD}\n`);
    expect(made).toMatchObject({ exitCode: 0, errors: `${MISSPELT}\n` });
    expect(made.output).toMatch(
      /^root@example\.com is an admin now \([0-9a-f-]{36}\)\.\n.*second factor.*\n$/,
    );

    const api = new ApiClient(service.origin);
    const { accessToken } = await signIn(api, 'root@example.com');
    expect((await api.get('/admin/users', { token: accessToken })).status).toBe(200);
  });
});
