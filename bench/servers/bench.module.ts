import { Module } from '@nestjs/common';
import { LatchkeyModule } from '../../src/latchkey/latchkey.module.js';
import { BenchController } from './bench.controller.js';

/** An application as a team makes it: Latchkey and a feature. */
@Module({ imports: [LatchkeyModule], controllers: [BenchController] })
export class BenchModule {}
