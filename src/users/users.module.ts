import { Global, Module } from '@nestjs/common';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { HeldAuthorities } from '../roles/held-authorities.js';
import { RolesModule } from '../roles/roles.module.js';
import { ActiveAdmins } from './active-admins.js';
import { AssignRoles } from './assign-roles.js';
import { BootstrapAdmin } from './bootstrap-admin.js';
import { ChangeUserStatus } from './change-user-status.js';
import { CreateAdmin } from './create-admin.js';
import { DecoyHashes } from './decoy-hashes.js';
import { DeleteUser } from './delete-user.js';
import { ImportUsers } from './import-users.js';
import { RegisterUser } from './register-user.js';
import { UnfitAddresses } from './unfit-addresses.js';
import { UserDirectory } from './user-directory.js';
import { Users } from './users.js';
import { UsersAdminController } from './users-admin.controller.js';
import { VerifyEmail } from './verify-email.js';

/** Global: a sign-in of your own looks accounts up without importing more. */
@Global()
@Module({
  imports: [PasswordsModule, RolesModule],
  controllers: [UsersAdminController],
  providers: [
    ActiveAdmins,
    AssignRoles,
    BootstrapAdmin,
    ChangeUserStatus,
    CreateAdmin,
    DecoyHashes,
    DeleteUser,
    ImportUsers,
    RegisterUser,
    UnfitAddresses,
    UserDirectory,
    Users,
    VerifyEmail,
  ],
  exports: [
    AssignRoles,
    ChangeUserStatus,
    CreateAdmin,
    DecoyHashes,
    RegisterUser,
    UnfitAddresses,
    UserDirectory,
    Users,
    VerifyEmail,
  ],
})
export class UsersModule {
  constructor(authorities: HeldAuthorities) {
    authorities.add({ accounts: 'users', holdings: 'user_roles', holder: 'user_id' });
  }
}
