import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LATCHKEY_AUDIT_ACTIONS } from '../../../../src/latchkey/audit/audit-action.js';
import { createStores } from '../../../support/stores.js';

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
      for (const [, purpose = ''] of source.matchAll(/keysFor\('([^']+)'\)/g))
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
