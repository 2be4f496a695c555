import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ErrorCatalogueController } from './error-catalogue.controller.js';
import { RouteDemands } from './route-demands.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [ErrorCatalogueController],
  providers: [RouteDemands],
})
export class OpenApiModule {}
