import { DataSource } from 'typeorm';
import { loadConfig } from './src/latchkey/platform/config/load-config.js';
import { readEnvironment } from './src/latchkey/platform/config/read-environment.js';
import { dataSourceOptions } from './src/latchkey/platform/database/connection/data-source-options.js';
import { DatabaseConfig } from './src/latchkey/platform/database/database.config.js';
import { DatabaseLocation } from './src/latchkey/platform/database/database-location.js';
import { joinDatabaseServer } from './src/latchkey/platform/database/embedded/database-server.js';

/** For TypeORM's command line: the same database and migrations that the service uses. */
const config = loadConfig(readEnvironment(process.env)).get(DatabaseConfig);
const server = await joinDatabaseServer(config);

export default new DataSource(await dataSourceOptions(new DatabaseLocation(server.url), config));
