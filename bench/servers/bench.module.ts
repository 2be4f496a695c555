import { Module } from '@nestjs/common';
import { PlatformModule } from '../../src/platform.module.js';
import { BenchController } from './bench.controller.js';

/** An application as a team makes it: Latchkey and a feature. */
@Module({ imports: [PlatformModule], controllers: [BenchController] })
export class BenchModule {}
