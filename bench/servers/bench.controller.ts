import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { Public, RequirePermissions } from '../../src/latchkey/access/access.decorators.js';
import { BENCH_PERMISSION, SMALL_ANSWER } from './small-answer.js';

/** The same answer with and without a guard in front of it, and to a body that nothing looks at. */
@Controller('bench')
export class BenchController {
  @Get('bare')
  @Public()
  bare() {
    return SMALL_ANSWER;
  }

  @Post('bare')
  @HttpCode(200)
  @Public()
  barePost(@Body() _body: unknown) {
    return SMALL_ANSWER;
  }

  @Get('guarded')
  @RequirePermissions(BENCH_PERMISSION)
  guarded() {
    return SMALL_ANSWER;
  }
}
