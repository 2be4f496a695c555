import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequireFreshSignIn, RequirePermissions } from '../access/access.decorators.js';
import { accessErrors } from '../access/access.errors.js';
import type { Actor } from '../audit/actor.js';
import { CurrentActor } from '../audit/current-actor.decorator.js';
import { type Page, PageQuery, pageOf } from '../platform/http/answers/page.js';
import { AcceptsJson } from '../platform/http/bodies/body-limits.js';
import { Throws } from '../platform/http/route.decorators.js';
import { LimitsWrites } from '../platform/http/writes/limits-writes.decorator.js';
import { ChangeRole } from './change-role.js';
import { CreateRole } from './create-role.js';
import { DeleteRole } from './delete-role.js';
import { PermissionCatalogue } from './permission-catalogue.js';
import { RoleDirectory } from './role-directory.js';
import { ROLE_NAME, RoleNameParam } from './role-name.js';
import { ChangeRoleBody, CreateRoleBody, PermissionsPage, RoleView } from './roles.dto.js';
import { rolesErrors } from './roles.errors.js';

/** A hundred permissions of the longest names, and a description. */
const ROLE_LIMIT = { bytes: 24 * 1024 };

const ROLE = {
  name: 'name',
  schema: { type: 'string', pattern: ROLE_NAME.source },
  description: 'The name of the role',
} as const;

@ApiTags('Admin: roles')
@LimitsWrites('admin-writes')
@Controller('admin')
export class RolesAdminController {
  constructor(
    private readonly directory: RoleDirectory,
    private readonly createRole: CreateRole,
    private readonly changeRole: ChangeRole,
    private readonly deleteRole: DeleteRole,
    private readonly permissions: PermissionCatalogue,
  ) {}

  @Get('roles')
  @RequirePermissions('roles:read')
  @ApiOperation({ summary: 'The roles, by name' })
  @ApiOkResponse({ type: pageOf(RoleView) })
  list(@Query() page: PageQuery): Promise<Page<RoleView>> {
    return this.directory.list(page);
  }

  @Post('roles')
  @AcceptsJson(ROLE_LIMIT)
  @RequireFreshSignIn()
  @RequirePermissions('roles:write')
  @ApiOperation({ summary: 'Create a role; a new name requires `*`' })
  @ApiCreatedResponse({ type: RoleView })
  @Throws(
    rolesErrors.nameTaken,
    rolesErrors.escalation,
    rolesErrors.tooLarge,
    accessErrors.assuranceInsufficient,
  )
  create(@Body() body: CreateRoleBody, @CurrentActor() actor: Actor): Promise<RoleView> {
    return this.createRole.create(body, actor);
  }

  @Get('roles/:name')
  @RequirePermissions('roles:read')
  @ApiOperation({ summary: 'One role' })
  @ApiParam(ROLE)
  @ApiOkResponse({ type: RoleView })
  @Throws(rolesErrors.notFound)
  get(@Param('name', RoleNameParam) name: string): Promise<RoleView> {
    return this.directory.get(name);
  }

  @Patch('roles/:name')
  @AcceptsJson(ROLE_LIMIT)
  @RequireFreshSignIn()
  @RequirePermissions('roles:write')
  @ApiOperation({
    summary: 'Change what a role permits or demands; earlier access tokens that name it go stale',
  })
  @ApiParam(ROLE)
  @ApiOkResponse({ type: RoleView })
  @Throws(
    rolesErrors.notFound,
    rolesErrors.inUse,
    rolesErrors.escalation,
    rolesErrors.tooLarge,
    rolesErrors.lastAdmin,
    rolesErrors.notForServices,
    accessErrors.assuranceInsufficient,
  )
  change(
    @Param('name', RoleNameParam) name: string,
    @Body() body: ChangeRoleBody,
    @CurrentActor() actor: Actor,
  ): Promise<RoleView> {
    return this.changeRole.change(name, body, actor);
  }

  @Delete('roles/:name')
  @HttpCode(204)
  @RequireFreshSignIn()
  @RequirePermissions('roles:write')
  @ApiOperation({ summary: 'Delete a role that no account and no client holds' })
  @ApiParam(ROLE)
  @ApiNoContentResponse({ description: 'Deleted' })
  @Throws(rolesErrors.notFound, rolesErrors.inUse, rolesErrors.escalation)
  async delete(
    @Param('name', RoleNameParam) name: string,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    await this.deleteRole.delete(name, actor);
  }

  @Get('permissions')
  @RequirePermissions('roles:read')
  @ApiOperation({ summary: 'Every permission that a route or a role names, by name' })
  @ApiOkResponse({ type: PermissionsPage })
  listPermissions(@Query() page: PageQuery): Promise<PermissionsPage> {
    return this.permissions.list(page);
  }
}
