import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequirePermissions } from '../../access/access.decorators.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { ConsentDirectory } from './consent-directory.js';
import { ConsentList, WithdrawConsentQuery } from './consents.dto.js';
import { consentsErrors } from './consents.errors.js';
import { WithdrawConsent } from './withdraw-consent.js';

const USER_ID = { name: 'id', format: 'uuid', description: 'Of the user' };
const CLIENT_ID = { name: 'clientId', format: 'uuid', description: 'Of the app' };

/** The apps that others have let in. To end what an app holds grants nothing, and takes no authority over the account. */
@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@OfSingleSignOn()
@Controller('admin/users')
export class ConsentsAdminController {
  constructor(
    private readonly users: UserDirectory,
    private readonly directory: ConsentDirectory,
    private readonly withdrawConsent: WithdrawConsent,
  ) {}

  @Get(':id/consents')
  @RequirePermissions('users:read')
  @ApiOperation({ summary: 'The apps that an account has let in' })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: ConsentList })
  @Throws(usersErrors.notFound, requestErrors.notFound)
  async list(@Param('id', UuidParam) id: string): Promise<ConsentList> {
    await this.users.getProfile(id);
    return this.directory.list(id);
  }

  @Delete(':id/consents/:clientId')
  @HttpCode(204)
  @RequirePermissions('sessions:revoke')
  @ApiOperation({
    summary:
      'Withdraw the consent of an account to an app: what the app holds of the account ends at once',
  })
  @ApiParam(USER_ID)
  @ApiParam(CLIENT_ID)
  @ApiNoContentResponse({ description: 'Withdrawn' })
  @Throws(consentsErrors.notFound, requestErrors.notFound)
  withdraw(
    @Param('id', UuidParam) id: string,
    @Param('clientId', UuidParam) clientId: string,
    @Query() { reason }: WithdrawConsentQuery,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.withdrawConsent.withdraw(id, clientId, actor, reason);
  }
}
