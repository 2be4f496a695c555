import { DataSource } from 'typeorm';
import { loadConfig } from './src/config/load-config.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { DatabaseConfig } from './src/database/database.config.js';
import { DatabaseLocation } from './src/database/database-location.js';
import { joinDatabaseServer } from './src/database/database-server.js';

/** For TypeORM's command line: the same database and migrations that the service uses. */
const config = loadConfig(process.env).get(DatabaseConfig);
const server = await joinDatabaseServer(config);

export default new DataSource(await dataSourceOptions(new DatabaseLocation(server.url), config));
