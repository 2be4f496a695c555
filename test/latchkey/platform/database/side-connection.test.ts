import { expect, it } from 'vitest';
import { connect } from '../../../../src/latchkey/platform/database/connection/connect.js';
import { dataSourceOptions } from '../../../../src/latchkey/platform/database/connection/data-source-options.js';
import { SideConnection } from '../../../../src/latchkey/platform/database/connection/side-connection.js';
import { DatabaseLocation } from '../../../../src/latchkey/platform/database/database-location.js';
import { eventually } from '../../../support/eventually.js';
import { createStores } from '../../../support/stores.js';

it('a connection that is lost between two statements fails the next one, and no more', async () => {
  const stores = await createStores();
  const location = new DatabaseLocation(stores.databaseUrl, []);
  const dataSource = await connect(await dataSourceOptions(location, { poolSize: 2 }));
  const side = new SideConnection(dataSource);
  const used = side.use(async (client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    await stores.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    let ended = false;
    client.once('end', () => {
      ended = true;
    });
    await eventually(() => expect(ended).toBe(true), { within: 5 });
    return client.query('SELECT 1');
  });

  await expect(used).rejects.toThrow();
  expect((await side.use((client) => client.query('SELECT 1 AS one'))).rows).toEqual([{ one: 1 }]);
  await side.onApplicationShutdown();
  await dataSource.destroy();
  await stores.drop();
});
