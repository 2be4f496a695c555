import { Injectable } from '@nestjs/common';
import type { AccessDemands } from '../../access/access-demands.js';
import { DeclaredRoutes } from '../../access/declared-routes.js';

/** What the guard will demand on each route, by the `operationId` that the description gives it. */
@Injectable()
export class RouteDemands {
  constructor(private readonly routes: DeclaredRoutes) {}

  byOperation(): Map<string, AccessDemands> {
    return new Map(
      this.routes
        .all()
        .map(({ controller, method, demands }) => [`${controller.name}_${method}`, demands]),
    );
  }
}
