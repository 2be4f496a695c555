import { Module } from '@nestjs/common';
import { RouteDemands } from './describe-demands.js';
import { ErrorCatalogueController } from './error-catalogue.controller.js';

@Module({
  controllers: [ErrorCatalogueController],
  providers: [RouteDemands],
})
export class OpenApiModule {}
