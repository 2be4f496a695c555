import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequireFreshSignIn, RequirePermissions } from '../../access/access.decorators.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { FactorList, ResetFactorsQuery } from './factors.dto.js';
import { OwnFactors } from './own-factors.js';
import { ResetFactors } from './reset-factors.js';

const USER_ID = { name: 'id', format: 'uuid', description: 'Of the user' };

@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@Controller('admin/users')
export class FactorsAdminController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly factors: OwnFactors,
    private readonly resetFactors: ResetFactors,
  ) {}

  @Get(':id/factors')
  @RequirePermissions('users:read')
  @ApiOperation({
    summary: 'The second factors and passkeys of an account, and nothing secret of them',
  })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: FactorList })
  @Throws(usersErrors.notFound)
  async list(@Param('id', UuidParam) id: string): Promise<FactorList> {
    await this.directory.getProfile(id);
    return FactorList.of(await this.factors.list(id));
  }

  @Delete(':id/factors')
  @HttpCode(204)
  @RequirePermissions('users:recover')
  @RequireFreshSignIn()
  @ApiOperation({
    summary:
      'Remove every second factor and passkey of an account whose owner has lost them; its sessions end',
  })
  @ApiParam(USER_ID)
  @ApiNoContentResponse({ description: 'Removed' })
  @Throws(usersErrors.notFound, rolesErrors.escalation, factorsErrors.lastWayIn)
  reset(
    @Param('id', UuidParam) id: string,
    @Query() { reason }: ResetFactorsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.resetFactors.reset(id, actor, reason);
  }
}
