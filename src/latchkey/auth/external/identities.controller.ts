import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  CurrentUser,
  RequireFreshSignIn,
  RequirePermissions,
} from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { IdentityList, IdentityView } from '../../users/identities/identities.dto.js';
import { identitiesErrors } from '../../users/identities/identities.errors.js';
import { authErrors } from '../auth.errors.js';
import { AddIdentityBody } from './external.dto.js';
import { OwnIdentities } from './linking/own-identities.js';
import { ProveOwner } from './linking/prove-owner.js';

/** What owners do with the identities of their own account. */
@ApiTags('Own account')
@LimitsWrites('session-writes')
@Controller('auth/identities')
export class IdentitiesController {
  constructor(
    private readonly identities: OwnIdentities,
    private readonly owners: ProveOwner,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the caller is known as at providers' })
  @ApiOkResponse({ type: IdentityList })
  async list(@CurrentUser() { userId }: Principal): Promise<IdentityList> {
    return IdentityList.of(await this.identities.list(userId));
  }

  @Post()
  @RequireFreshSignIn()
  @ApiOperation({
    summary:
      'After `auth.external_proof_required` and another sign-in: link the identity that waits',
  })
  @ApiCreatedResponse({ type: IdentityView })
  @Throws(
    oneTimeErrors.proofInvalid,
    authErrors.crossSite,
    identitiesErrors.taken,
    identitiesErrors.tooMany,
    usersErrors.notFound,
  )
  async add(
    @CurrentUser() user: Principal,
    @Body() { ticket }: AddIdentityBody,
    @Req() request: FastifyRequest,
  ): Promise<IdentityView> {
    return IdentityView.of(await this.owners.completeInSession(user, ticket, request));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Remove an identity: nobody signs in by it any more' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'An `id` of `GET /auth/identities`' })
  @ApiNoContentResponse({ description: 'Removed' })
  @Throws(identitiesErrors.notFound, factorsErrors.lastWayIn, usersErrors.notFound)
  remove(
    @CurrentUser() user: Principal,
    @Param('id', UuidParam) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.identities.remove(user, id, request);
  }
}

@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@Controller('admin/users')
export class IdentitiesAdminController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly identities: OwnIdentities,
  ) {}

  @Get(':id/identities')
  @RequirePermissions('users:read')
  @ApiOperation({ summary: 'What an account is known as at providers' })
  @ApiParam({ name: 'id', format: 'uuid', description: 'Of the user' })
  @ApiOkResponse({ type: IdentityList })
  @Throws(usersErrors.notFound)
  async list(@Param('id', UuidParam) id: string): Promise<IdentityList> {
    await this.directory.getProfile(id);
    return IdentityList.of(await this.identities.list(id));
  }
}
