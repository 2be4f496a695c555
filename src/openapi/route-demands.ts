import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type AccessDemands, readDemands } from '../access/access-demands.js';

/** What the guard will demand on each route, by the `operationId` that the description gives it. */
@Injectable()
export class RouteDemands {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  byOperation(): Map<string, AccessDemands> {
    const demands = this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (typeof metatype !== 'function' || instance === undefined) return [];
      const prototype = Object.getPrototypeOf(instance);
      return this.scanner
        .getAllMethodNames(prototype)
        .map((method): [string, AccessDemands] => [
          `${metatype.name}_${method}`,
          readDemands(metatype, prototype[method]),
        ]);
    });
    return new Map(demands);
  }
}
