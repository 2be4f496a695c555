import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LATCHKEY_AUDIT_ACTIONS } from '../../../../src/latchkey/audit/audit-action.js';
import { createStores } from '../../../support/stores.js';

/** Where the statements on a table may stand: docs/adr/0025-one-store-a-table.md. */
const STORES: Readonly<Record<string, RegExp>> = {
  users: /^users\/accounts\/store\//,
  sessions: /^tokens\/sessions\/store\//,
  session_cutoffs: /^tokens\/sessions\/store\/|^oauth\/clients\/active-clients\.ts$/,
  oauth_clients:
    /^oauth\/clients\/(?:client-store|active-clients|documents\/document-client-store|registration\/self-registered-store)\.ts$/,
  oauth_client_roles: /^oauth\/clients\/(?:client-store|active-clients)\.ts$/,
};
/** By which TypeORM could change a row beside its store. */
const ENTITIES: Readonly<Record<string, string>> = {
  User: 'users',
  Session: 'sessions',
  OAuthClient: 'oauth_clients',
};

/** The tables that a source reads or changes: by SQL in capitals, or by their entity. */
function tablesOf(source: string): string[] {
  const bySql = source.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+"?([a-z_]+)\b/g);
  const byEntity = source.matchAll(
    /\.(?:getRepository|createQueryBuilder|find\w*|count\w*|exists\w*|insert|update|upsert|delete|save|remove|increment)\(\s*([A-Z]\w*)\b|InjectRepository\((\w+)\)/g,
  );
  return [
    ...[...bySql].map(([, table = '']) => table),
    ...[...byEntity].map(([, first, second]) => ENTITIES[first ?? second ?? ''] ?? ''),
  ];
}

describe('one store a table', () => {
  it('no file but those of its store has a statement on a table of accounts, sessions or clients', async () => {
    const files = (await readdir('src/latchkey', { recursive: true })).map((file) =>
      file.replaceAll('\\', '/'),
    );
    const found = new Set<string>();
    const strays: string[] = [];
    for (const file of files.filter((name) => /(?<!\.entity)\.ts$/.test(name))) {
      if (file.includes('/migrations/')) continue;
      for (const table of tablesOf(await readFile(join('src/latchkey', file), 'utf8'))) {
        if (STORES[table] === undefined) continue;
        found.add(table);
        if (!STORES[table].test(file)) strays.push(`${file}: ${table}`);
      }
    }
    expect([...found].sort()).toEqual(Object.keys(STORES).sort());
    expect(strays).toEqual([]);
  });

  it.each([
    ['UPDATE users SET name = $1', 'users'],
    ['SELECT id\n  FROM sessions AS session', 'sessions'],
    ['manager.delete(OAuthClient, { id })', 'oauth_clients'],
    ['@InjectRepository(User) users', 'users'],
    ['dataSource.getRepository(Session)', 'sessions'],
  ])('%j is a statement on %s', (source, table) => {
    expect(tablesOf(source)).toEqual([table]);
  });
});

describe('what is written down for operators is complete', () => {
  it('every table is in docs/data.md', async () => {
    const stores = await createStores();
    const tables = await stores.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = current_schema() AND table_name <> 'migrations'`,
    );
    await stores.drop();
    expect(tables.length).toBeGreaterThan(5);
    const text = await readFile('docs/data.md', 'utf8');
    expect(tables.filter(({ name }) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('every purpose that a key is derived for is in docs/cryptography.md', async () => {
    const files = await readdir('src', { recursive: true });
    const sources = files.filter((name) => name.endsWith('.ts'));
    const purposes = new Set<string>();
    for (const file of sources) {
      const source = await readFile(join('src', file), 'utf8');
      for (const [, purpose = ''] of source.matchAll(
        /(?:keysFor\(|RowCipher\(secrets, )'([^']+)'\)/g,
      ))
        purposes.add(purpose);
    }
    expect(purposes.size).toBeGreaterThan(3);
    const text = await readFile('docs/cryptography.md', 'utf8');
    expect([...purposes].filter((purpose) => !text.includes(`\`${purpose}\``))).toEqual([]);
  });

  it('every action of the audit trail is in docs/audit.md', async () => {
    const text = await readFile('docs/audit.md', 'utf8');
    expect(LATCHKEY_AUDIT_ACTIONS.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
  });
});
