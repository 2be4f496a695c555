import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import { UpdateProfileBody, UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { UpdateProfile } from './update-profile.js';

@ApiTags('Own account')
@LimitsWrites('own-writes')
@Controller('users/me')
export class OwnProfileController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly updateProfile: UpdateProfile,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The caller’s profile' })
  @ApiOkResponse({ type: UserProfile })
  @Throws(usersErrors.notFound)
  get(@CurrentUser() { userId }: Principal): Promise<UserProfile> {
    return this.directory.getProfile(userId);
  }

  @Patch()
  @ApiOperation({ summary: 'Change the caller’s profile' })
  @ApiOkResponse({ type: UserProfile })
  @Throws(usersErrors.notFound)
  update(
    @CurrentUser() { userId }: Principal,
    @Body() body: UpdateProfileBody,
    @CurrentActor() actor: Actor,
  ): Promise<UserProfile> {
    return this.updateProfile.update(userId, body, actor);
  }
}
