import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';
import { DeploymentId } from './deployment-id.js';
import { RedisConnections } from './redis-connections.js';

@Global()
@Module({
  providers: [
    {
      provide: DeploymentId,
      inject: [DataSource],
      useFactory: async (dataSource: DataSource) =>
        new DeploymentId(await getDeploymentId(dataSource)),
    },
    RedisConnections,
  ],
  exports: [DeploymentId, RedisConnections],
})
export class RedisModule {}

/** @throws StartupError when the database names no deployment */
export async function getDeploymentId(dataSource: DataSource): Promise<string> {
  const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM deployment');
  if (row !== undefined) return row.id;
  throw new StartupError(
    'The table "deployment" is empty. Run "INSERT INTO deployment DEFAULT VALUES" and start again.',
  );
}
