import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Jest cannot load one module twice at once: what the migrations import is loaded before them.
import '../../../../src/latchkey/latchkey.module.js';
import { connect } from '../../../../src/latchkey/platform/database/connection/connect.js';
import {
  dataSourceOptions,
  ENTITY_FILES,
} from '../../../../src/latchkey/platform/database/connection/data-source-options.js';
import { DatabaseLocation } from '../../../../src/latchkey/platform/database/database-location.js';
import { migrate } from '../../../../src/latchkey/platform/database/migrate.js';
import { createStores, type Stores } from '../../../support/stores.js';

/** A column of an entity: its options, the property and the type of that. */
const COLUMN = /@(?:Primary)?Column\(([^@]*?)\)\s+(\w+)[!?]*: ([^;]+);/g;

/** Latchkey's, and that of the features beside it. */
describe('the migrated schema', () => {
  let stores: Stores;
  let dataSource: DataSource;
  beforeAll(async () => {
    stores = await createStores();
    const options = await dataSourceOptions(new DatabaseLocation(stores.databaseUrl), {
      poolSize: 2,
    });
    dataSource = await connect({ ...options, logger: 'debug' });
    await migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await stores.drop();
  });

  const changesThatEntitiesAskFor = async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  };

  const tables = async () => {
    const rows = await stores.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    return rows.map((row) => row.table_name);
  };

  it('is what the entities describe: "npm run migration:generate" finds nothing to do', async () => {
    expect(dataSource.entityMetadatas.length).toBeGreaterThan(4);
    expect(await changesThatEntitiesAskFor()).toEqual([]);
  });

  it.each([
    ['a column', 'ALTER TABLE users DROP COLUMN name', 'ALTER TABLE users ADD name text'],
    [
      'an index',
      'DROP INDEX sessions_user_id_id_idx',
      'CREATE INDEX sessions_user_id_id_idx ON sessions (user_id, id)',
    ],
    [
      'a default',
      'ALTER TABLE users ALTER status DROP DEFAULT',
      `ALTER TABLE users ALTER status SET DEFAULT 'active'`,
    ],
  ])('is found to differ by the lack of %s', async (_, spoil, mend) => {
    await stores.query(spoil);
    expect(await changesThatEntitiesAskFor()).not.toEqual([]);
    await stores.query(mend);
    expect(await changesThatEntitiesAskFor()).toEqual([]);
  });

  it('says null where the property of an entity may be null, and nowhere else', async () => {
    const mistaken: string[] = [];
    let columns = 0;
    for (const file of await readdir('src', { recursive: true })) {
      if (!ENTITY_FILES.test(file)) continue;
      const source = await readFile(join('src', file), 'utf8');
      for (const [, options = '', property, type = ''] of source.matchAll(COLUMN)) {
        columns += 1;
        if (options.includes('nullable: true') !== / \| null$/.test(type)) {
          mistaken.push(`${file}: ${property}`);
        }
      }
    }
    expect(mistaken).toEqual([]);
    const known = dataSource.entityMetadatas.flatMap(({ ownColumns }) => ownColumns);
    expect(columns).toBe(known.filter(({ entityMetadata }) => !entityMetadata.isJunction).length);
  });

  it('can be taken back, migration by migration, and made again', async () => {
    const migrated = await tables();
    expect(migrated).toContain('users');
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    expect(await tables()).toEqual(['migrations']);
    expect(await migrate(dataSource)).toHaveLength(dataSource.migrations.length);
    expect(await tables()).toEqual(migrated);
    expect(await migrate(dataSource)).toEqual([]);
  });
});
