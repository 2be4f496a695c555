import pg from 'pg';
import { connect } from '../../src/latchkey/platform/database/connection/connect.js';
import { dataSourceOptions } from '../../src/latchkey/platform/database/connection/data-source-options.js';
import {
  DatabaseLocation,
  latchkeySources,
} from '../../src/latchkey/platform/database/database-location.js';
import { migrate } from '../../src/latchkey/platform/database/migrate.js';

const TEMPLATE = 'latchkey_template';

/** Makes the migrated database that each test copies. */
export async function migrateTemplate(postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${postgresUrl}/postgres` });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`).finally(() => client.end());
  const location = new DatabaseLocation(`${postgresUrl}/${TEMPLATE}`, [latchkeySources]);
  const dataSource = await connect(await dataSourceOptions(location, { poolSize: 2 }));
  await migrate(dataSource).finally(() => dataSource.destroy());
}
