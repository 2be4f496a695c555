import { Module } from '@nestjs/common';
import { ErrorCatalogueController } from './error-catalogue.controller.js';
import { RouteDemands } from './route-demands.js';

@Module({
  controllers: [ErrorCatalogueController],
  providers: [RouteDemands],
})
export class OpenApiModule {}
