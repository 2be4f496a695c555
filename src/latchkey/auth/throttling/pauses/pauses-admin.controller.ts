import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../../access/access.decorators.js';
import type { Actor } from '../../../audit/actor.js';
import { CurrentActor } from '../../../audit/current-actor.decorator.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../../platform/http/writes/limits-writes.decorator.js';
import { usersErrors } from '../../../users/accounts/users.errors.js';
import { LiftPausesBody, PausedQuery, PauseList, pausedOf } from './pauses.dto.js';
import { Pauses } from './pauses.js';

@ApiTags('Admin: throttling')
@LimitsWrites('admin-writes')
@Controller('admin/throttle')
export class PausesAdminController {
  constructor(private readonly pauses: Pauses) {}

  @Get()
  @RequirePermissions('throttle:read')
  @ApiOperation({
    summary: 'What refuses attempts at an account or from an address, because too many have failed',
  })
  @ApiOkResponse({ type: PauseList })
  @Throws(usersErrors.notFound)
  async list(@Query() query: PausedQuery): Promise<PauseList> {
    return PauseList.of(await this.pauses.list(pausedOf(query)));
  }

  @Post('lift')
  @HttpCode(200)
  @RequirePermissions('throttle:lift')
  @ApiOperation({
    summary:
      'Let attempts at an account or from an address in again; answers with what refused them',
  })
  @ApiOkResponse({ type: PauseList })
  @Throws(usersErrors.notFound)
  async lift(@Body() body: LiftPausesBody, @CurrentActor() actor: Actor): Promise<PauseList> {
    return PauseList.of(await this.pauses.lift(pausedOf(body), actor, body.reason));
  }
}
