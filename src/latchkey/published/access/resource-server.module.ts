import {
  type DynamicModule,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessConfig } from '../../access/access.config.js';
import { AccessModule } from '../../access/access.module.js';
import { RevocationList } from '../../access/revocation-list.js';
import { VerificationKeys } from '../../access/verification/verification-keys.js';
import { Clock } from '../../platform/clock/clock.js';
import { AccessProblemFilter } from './access-problem.filter.js';
import { ProtectedResourceController } from './protected-resource.controller.js';
import { ResourceServer } from './resource-server.js';
import { type ResourceServerOptions, ResourceServerSettings } from './resource-server-options.js';
import { VerifyAccessToken } from './verify-access-token.js';

/** Options that come from other providers of the application. */
export interface ResourceServerAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryDependencies;
  // What is injected is known to the factory alone.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  useFactory(...injected: any[]): ResourceServerOptions | Promise<ResourceServerOptions>;
}

type FactoryDependencies = Extract<
  NonNullable<ModuleMetadata['providers']>[number],
  { useFactory: unknown }
>['inject'];

const part = <Name extends keyof ResourceServer>(name: Name) => ({
  inject: [ResourceServer],
  useFactory: (server: ResourceServer) => server[name],
});

const PARTS = [
  { provide: AccessConfig, ...part('config') },
  { provide: Clock, ...part('clock') },
  { provide: VerificationKeys, ...part('keys') },
  { provide: RevocationList, ...part('revocations') },
];

/**
 * Protects every route of the application that imports it, by the access tokens of a Latchkey that
 * runs elsewhere. Only `@Public()` lets somebody past without one. Published as `AccessModule`.
 */
@Module({})
export class ResourceServerModule implements OnApplicationShutdown {
  /** @internal */
  constructor(private readonly server: ResourceServer) {}

  static forRoot(options: ResourceServerOptions): DynamicModule {
    return ResourceServerModule.forRootAsync({ useFactory: () => options });
  }

  /** The start of the application fails with a `StartupError` when an option is wrong. */
  static forRootAsync({
    imports = [],
    inject,
    useFactory,
  }: ResourceServerAsyncOptions): DynamicModule {
    return {
      module: ResourceServerModule,
      global: true,
      imports: [...imports, AccessModule],
      controllers: [ProtectedResourceController],
      providers: [
        {
          provide: ResourceServer,
          inject: inject ?? [],
          useFactory: async (...injected: unknown[]) =>
            ResourceServer.start(ResourceServerSettings.from(await useFactory(...injected))),
        },
        ...PARTS,
        VerifyAccessToken,
        { provide: APP_FILTER, useClass: AccessProblemFilter },
      ],
      exports: [...PARTS.map(({ provide }) => provide), VerifyAccessToken],
    };
  }

  onApplicationShutdown(): void {
    this.server.close();
  }
}
