import { Module } from '@nestjs/common';
import { AssuranceOfRoles } from './assurance-of-roles.js';
import { AuthorityLookup } from './authority-lookup.js';
import { ChangeRole } from './change-role.js';
import { CreateRole } from './create-role.js';
import { DefaultRole } from './default-role.js';
import { DeleteRole } from './delete-role.js';
import { PermissionCatalogue } from './permission-catalogue.js';
import { RoleAssignments } from './role-assignments.js';
import { RoleDefinitions } from './role-definitions.js';
import { RoleDirectory } from './role-directory.js';
import { RoleSizes } from './role-sizes.js';
import { RolesAdminController } from './roles-admin.controller.js';

@Module({
  controllers: [RolesAdminController],
  providers: [
    ChangeRole,
    CreateRole,
    DefaultRole,
    DeleteRole,
    AssuranceOfRoles,
    AuthorityLookup,
    PermissionCatalogue,
    RoleAssignments,
    RoleDefinitions,
    RoleDirectory,
    RoleSizes,
  ],
  exports: [
    AssuranceOfRoles,
    AuthorityLookup,
    ChangeRole,
    CreateRole,
    DefaultRole,
    RoleAssignments,
    RoleDefinitions,
    RoleDirectory,
    RoleSizes,
  ],
})
export class RolesModule {}
