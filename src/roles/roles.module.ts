import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ChangeRole } from './change-role.js';
import { CreateRole } from './create-role.js';
import { DeleteRole } from './delete-role.js';
import { PermissionCatalogue } from './permission-catalogue.js';
import { RoleDefinitions } from './role-definitions.js';
import { RoleDirectory } from './role-directory.js';
import { RolesAdminController } from './roles-admin.controller.js';

/** Needs a `HeldAuthorities` from whoever keeps users. */
@Module({
  imports: [DiscoveryModule],
  controllers: [RolesAdminController],
  providers: [
    ChangeRole,
    CreateRole,
    DeleteRole,
    PermissionCatalogue,
    RoleDefinitions,
    RoleDirectory,
  ],
  exports: [RoleDefinitions],
})
export class RolesModule {}
