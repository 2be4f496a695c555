import { Global, Module } from '@nestjs/common';
import { Counters } from './counters.js';
import { Limits } from './limits.js';

/** Counting of attempts, for Latchkey's own limits and those of features. */
@Global()
@Module({ providers: [Counters, Limits], exports: [Counters, Limits] })
export class LimitsModule {}
