import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { connect } from './connection/connect.js';
import { dataSourceOptions } from './connection/data-source-options.js';
import { PreparedStatements } from './connection/prepared-statements.js';
import { warnWithoutTimeLimits } from './connection/time-limits.js';
import { DatabaseConfig } from './database.config.js';
import { DatabaseLocation } from './database-location.js';
import { migrate } from './migrate.js';

/** A connected, migrated database before anything else is made. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseLocation, DatabaseConfig],
      useFactory: async (location: DatabaseLocation, config: DatabaseConfig) => ({
        ...(await dataSourceOptions(location, config)),
        // A start that fails says so once, and not as an attempt of several.
        toRetry: () => false,
        // By default TypeORM writes to the console, past the log of the process.
        logger: 'debug' as const,
      }),
      dataSourceFactory: async (options?: DataSourceOptions) => {
        const dataSource = await connect(options);
        await migrate(dataSource);
        await warnWithoutTimeLimits(dataSource);
        return dataSource;
      },
    }),
  ],
  providers: [PreparedStatements],
  exports: [PreparedStatements],
})
export class DatabaseModule {}
