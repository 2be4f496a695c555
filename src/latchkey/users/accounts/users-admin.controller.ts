import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query } from '@nestjs/common';
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
import { type Page, pageOf } from '../../platform/http/answers/page.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { AssignRoles } from './assign-roles.js';
import { ChangeUser } from './change-user.js';
import { DeleteUser } from './delete-user.js';
import { UserDirectory } from './user-directory.js';
import {
  AssignRolesBody,
  ChangeUserBody,
  ListUsersQuery,
  UserDetails,
  UserProfile,
} from './users.dto.js';
import { usersErrors } from './users.errors.js';

const USER_ID = { name: 'id', format: 'uuid', description: 'Of the user' };

@ApiTags('Admin: users')
@LimitsWrites('admin-writes')
@Controller('admin/users')
export class UsersAdminController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly changeUser: ChangeUser,
    private readonly deleteUser: DeleteUser,
    private readonly assignRoles: AssignRoles,
  ) {}

  @Get()
  @RequirePermissions('users:read')
  @ApiOperation({ summary: 'The accounts, newest first' })
  @ApiOkResponse({ type: pageOf(UserProfile) })
  list(@Query() query: ListUsersQuery): Promise<Page<UserProfile>> {
    return this.directory.list(query);
  }

  @Get(':id')
  @RequirePermissions('users:read')
  @ApiOperation({ summary: 'One account' })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: UserDetails })
  @Throws(usersErrors.notFound)
  get(@Param('id', UuidParam) id: string): Promise<UserDetails> {
    return this.directory.getDetails(id);
  }

  @Patch(':id')
  @RequirePermissions('users:write')
  @ApiOperation({
    summary:
      'Disable an account, which ends its sessions at once, or enable it; set the language of its mails',
  })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: UserProfile })
  @Throws(usersErrors.notFound, rolesErrors.lastAdmin, rolesErrors.escalation)
  change(
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeUserBody,
    @CurrentActor() actor: Actor,
  ): Promise<UserProfile> {
    return this.changeUser.change(id, body, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireFreshSignIn()
  @RequirePermissions('users:delete')
  @ApiOperation({ summary: 'Delete an account; its sessions end first' })
  @ApiParam(USER_ID)
  @ApiNoContentResponse({ description: 'Deleted' })
  @Throws(usersErrors.notFound, rolesErrors.lastAdmin, rolesErrors.escalation)
  delete(@Param('id', UuidParam) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.deleteUser.delete(id, actor);
  }

  @Put(':id/roles')
  @RequireFreshSignIn()
  @RequirePermissions('roles:assign')
  @ApiOperation({ summary: 'Set the roles of an account, among those that the caller holds' })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: UserProfile })
  @Throws(usersErrors.notFound, rolesErrors.lastAdmin, rolesErrors.escalation, rolesErrors.tooLarge)
  assign(
    @Param('id', UuidParam) id: string,
    @Body() { roles }: AssignRolesBody,
    @CurrentActor() actor: Actor,
  ): Promise<UserProfile> {
    return this.assignRoles.assign(id, roles, actor);
  }
}
