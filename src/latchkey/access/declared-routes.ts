import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { AccessDemands } from './access-demands.js';
import { type Decorated, readDemands } from './declared-demands.js';

export interface DeclaredRoute {
  readonly controller: Decorated;
  readonly method: string;
  readonly demands: AccessDemands;
}

/** The handlers of every controller, and what the guard will demand at each. */
@Injectable()
export class DeclaredRoutes implements OnModuleInit {
  private routes?: readonly DeclaredRoute[];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws StartupError when decorators contradict each other */
  onModuleInit(): void {
    this.all();
  }

  /** Routes do not change while the process runs. */
  all(): readonly DeclaredRoute[] {
    this.routes ??= this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (typeof metatype !== 'function' || instance === undefined) return [];
      const prototype = Object.getPrototypeOf(instance);
      return this.scanner.getAllMethodNames(prototype).map((method) => ({
        controller: metatype,
        method,
        demands: readDemands(metatype, prototype[method]),
      }));
    });
    return this.routes;
  }
}
