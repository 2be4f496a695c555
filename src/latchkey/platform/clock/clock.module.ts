import { Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { SteadyClock } from './steady-clock.js';

@Global()
@Module({
  providers: [
    { provide: SteadyClock, useFactory: () => new SteadyClock() },
    { provide: Clock, useExisting: SteadyClock },
  ],
  exports: [Clock, SteadyClock],
})
export class ClockModule {}
