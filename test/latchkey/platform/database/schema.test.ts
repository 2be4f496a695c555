import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
// Jest cannot load one module twice at once: what the migrations import is loaded before them.
import '../../../../src/latchkey/latchkey.module.js';
import { connect } from '../../../../src/latchkey/platform/database/connection/connect.js';
import { dataSourceOptions } from '../../../../src/latchkey/platform/database/connection/data-source-options.js';
import { DatabaseLocation } from '../../../../src/latchkey/platform/database/database-location.js';
import { migrate } from '../../../../src/latchkey/platform/database/migrate.js';
import { createStores, type Stores } from '../../../support/stores.js';

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

  it('says null where the property of the entity may be null, and nowhere else', () => {
    const columns = dataSource.entityMetadatas
      .flatMap(({ target, columns }) => columns.map((column) => ({ target, column })))
      .filter(
        ({ target, column }) => typeof target === 'function' && !/^json/.test(`${column.type}`),
      );
    expect(columns.length).toBeGreaterThan(40);
    // The compiler writes down a union with null as Object, and any other type as its class.
    const mistaken = columns.filter(({ target, column }) => {
      const { prototype } = target as { prototype: object };
      const type = Reflect.getMetadata('design:type', prototype, column.propertyName);
      return column.isNullable !== (type === Object);
    });
    expect(
      mistaken.map(({ column }) => `${column.entityMetadata.name}.${column.propertyName}`),
    ).toEqual([]);
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
