import { Controller, Get } from '@nestjs/common';
import { Public } from '../../src/access/public.js';
import { RequirePermissions } from '../../src/access/require-permissions.js';
import { BENCH_PERMISSION, SMALL_ANSWER } from './small-answer.js';

/** The same answer with and without a guard in front of it. */
@Controller('bench')
export class BenchController {
  @Get('bare')
  @Public()
  bare() {
    return SMALL_ANSWER;
  }

  @Get('guarded')
  @RequirePermissions(BENCH_PERMISSION)
  guarded() {
    return SMALL_ANSWER;
  }
}
