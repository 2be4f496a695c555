import { Module } from '@nestjs/common';
import { AuthorityLookup } from '../../roles/authority-lookup.js';
import { RolesModule } from '../../roles/roles.module.js';
import { PendingLogoutStore } from '../backchannel-logout/pending-logout-store.js';
import { OfferedAlgorithms } from '../id-tokens/offered-algorithms.js';
import { ResourceStore } from '../resources/resource-store.js';
import { ActiveClients } from './active-clients.js';
import { ChangeClient } from './change-client.js';
import { ClientDirectory } from './client-directory.js';
import { ClientScopes } from './client-scopes.js';
import { ClientStore } from './client-store.js';
import { CreateClient } from './create-client.js';
import { DeleteClient } from './delete-client.js';
import { ClientDocuments } from './documents/client-documents.js';
import { DocumentClientStore } from './documents/document-client-store.js';
import { DocumentClients } from './documents/document-clients.js';
import { OAuthClients } from './oauth-clients.js';
import { OAuthClientsAdminController } from './oauth-clients-admin.controller.js';
import { RotateClientSecret } from './rotate-client-secret.js';

/** Services with a secret of their own: who they are and what they may do. */
@Module({
  imports: [RolesModule],
  controllers: [OAuthClientsAdminController],
  providers: [
    ActiveClients,
    ClientScopes,
    ResourceStore,
    ClientDocuments,
    DocumentClients,
    DocumentClientStore,
    ChangeClient,
    ClientDirectory,
    ClientStore,
    CreateClient,
    DeleteClient,
    OAuthClients,
    OfferedAlgorithms,
    PendingLogoutStore,
    RotateClientSecret,
  ],
  exports: [
    ActiveClients,
    ResourceStore,
    DocumentClients,
    ClientDirectory,
    ClientStore,
    CreateClient,
    DeleteClient,
    OAuthClients,
    PendingLogoutStore,
    RotateClientSecret,
  ],
})
export class OAuthClientsModule {
  constructor(authorities: AuthorityLookup) {
    authorities.add({
      accounts: 'oauth_clients',
      holdings: 'oauth_client_roles',
      holder: 'client_id',
      signIn: false,
    });
  }
}
