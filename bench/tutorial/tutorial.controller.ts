import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { BENCH_PERMISSION, SMALL_ANSWER } from '../servers/small-answer.js';
import { NeedsPermissions, TutorialPermissionsGuard } from './tutorial-permissions.guard.js';
import { TutorialTokens } from './tutorial-tokens.js';

@Controller()
export class TutorialController {
  constructor(private readonly tokens: TutorialTokens) {}

  @Get('bench/bare')
  bare() {
    return SMALL_ANSWER;
  }

  @Get('bench/guarded')
  @UseGuards(AuthGuard('jwt'), TutorialPermissionsGuard)
  @NeedsPermissions(BENCH_PERMISSION)
  guarded() {
    return SMALL_ANSWER;
  }

  @Post('auth/refresh')
  @HttpCode(200)
  refresh(@Body() body: { refreshToken: string }) {
    return this.tokens.refresh(body.refreshToken);
  }
}
