import { Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequirePermissions } from '../../access/access.decorators.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { RecoverAccount } from './recover-account.js';
import { StartedRecoveryView } from './recovery.dto.js';
import { recoveryErrors } from './recovery.errors.js';

@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@Controller('admin/users')
export class RecoveryAdminController {
  constructor(private readonly recovery: RecoverAccount) {}

  @Post(':id/recovery')
  @HttpCode(202)
  @RequirePermissions('users:recover')
  @ApiOperation({ summary: 'Mail the owner of an account a link to set a new password' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Of the user' })
  @ApiAcceptedResponse({
    type: StartedRecoveryView,
    description: 'The mail is on its way, unless the account is disabled',
  })
  @Throws(usersErrors.notFound, rolesErrors.escalation, recoveryErrors.off)
  async start(
    @Param('id', UuidParam) id: string,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') languages = '',
  ): Promise<StartedRecoveryView> {
    return { expiresIn: await this.recovery.start(id, actor, languages) };
  }
}
