import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../access/current-user.js';
import type { Principal } from '../access/principal.js';
import type { Actor } from '../audit/actor.js';
import { CurrentActor } from '../audit/current-actor.js';
import { LimitsWrites } from '../http/limits-writes.js';
import { Throws } from '../http/throws.js';
import { UpdateProfileBody } from './update-profile.body.js';
import { UpdateProfile } from './update-profile.js';
import { UserDirectory } from './user-directory.js';
import { UserProfile } from './user-profile.js';
import { usersErrors } from './users.errors.js';

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
