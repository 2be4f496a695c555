import { type DynamicModule, Module } from '@nestjs/common';
import type { LoadedConfig } from './load-config.js';

/** Makes every config slice injectable by its class. */
@Module({})
export class ConfigModule {
  static from(config: LoadedConfig): DynamicModule {
    const providers = config.entries().map(([slice, value]) => ({
      provide: slice,
      useValue: value,
    }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
