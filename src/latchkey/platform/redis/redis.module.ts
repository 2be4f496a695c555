import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { getDeploymentId } from '../database/get-deployment-id.js';
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
