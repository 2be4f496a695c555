import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuthorityLookup } from '../roles/authority-lookup.js';
import { RolesModule } from '../roles/roles.module.js';
import { AccountStates } from '../tokens/one-time/account-states.js';
import { ActiveAdmins } from './accounts/active-admins.js';
import { AssignRoles } from './accounts/assign-roles.js';
import { BootstrapAdmin } from './accounts/bootstrap-admin.js';
import { ChangeUser } from './accounts/change-user.js';
import { ChangeUserStatus } from './accounts/change-user-status.js';
import { CreateAdmin } from './accounts/create-admin.js';
import { DecoyHashes } from './accounts/decoy-hashes.js';
import { DeleteUser } from './accounts/delete-user.js';
import { ImportUsers } from './accounts/import-users.js';
import { MakeStale } from './accounts/make-stale.js';
import { RegisterUser } from './accounts/register-user.js';
import { RequireAuthority } from './accounts/require-authority.js';
import { AccountExport } from './accounts/store/account-export.js';
import { AddressStore } from './accounts/store/address-store.js';
import { CredentialStore } from './accounts/store/credential-store.js';
import { UserAuthorityStore } from './accounts/store/user-authority-store.js';
import { UserBatchStore } from './accounts/store/user-batch-store.js';
import { UserSearchStore } from './accounts/store/user-search-store.js';
import { UserStateStore } from './accounts/store/user-state-store.js';
import { UserStore } from './accounts/store/user-store.js';
import { UnfitAddresses } from './accounts/unfit-addresses.js';
import { UserDirectory } from './accounts/user-directory.js';
import { Users } from './accounts/users.js';
import { UsersAdminController } from './accounts/users-admin.controller.js';
import { VerifyEmail } from './accounts/verify-email.js';
import { FactorsModule } from './factors/factors.module.js';
import { IdentitiesModule } from './identities/identities.module.js';
import { PasswordsModule } from './passwords/passwords.module.js';

/** Global: a sign-in of your own looks accounts up without importing more. */
@Global()
@Module({
  imports: [DiscoveryModule, FactorsModule, IdentitiesModule, PasswordsModule, RolesModule],
  controllers: [UsersAdminController],
  providers: [
    AccountExport,
    ActiveAdmins,
    AddressStore,
    AssignRoles,
    BootstrapAdmin,
    ChangeUser,
    ChangeUserStatus,
    CreateAdmin,
    CredentialStore,
    DecoyHashes,
    DeleteUser,
    ImportUsers,
    MakeStale,
    RegisterUser,
    RequireAuthority,
    UnfitAddresses,
    UserAuthorityStore,
    UserBatchStore,
    UserSearchStore,
    UserDirectory,
    Users,
    UserStore,
    VerifyEmail,
    { provide: AccountStates, useClass: UserStateStore },
  ],
  exports: [
    AccountStates,
    AddressStore,
    AssignRoles,
    ChangeUserStatus,
    CreateAdmin,
    CredentialStore,
    DecoyHashes,
    DeleteUser,
    FactorsModule,
    IdentitiesModule,
    MakeStale,
    RegisterUser,
    RequireAuthority,
    UnfitAddresses,
    UserDirectory,
    Users,
    UserStore,
    VerifyEmail,
  ],
})
export class UsersModule {
  constructor(authorities: AuthorityLookup) {
    authorities.add({
      accounts: 'users',
      holdings: 'user_roles',
      holder: 'user_id',
      signIn: true,
    });
  }
}
