import { Module } from '@nestjs/common';
import { RolesModule } from '../roles/roles.module.js';
import { ChangeClient } from './change-client.js';
import { ClientAuthorities } from './client-authorities.js';
import { ClientDirectory } from './client-directory.js';
import { CreateClient } from './create-client.js';
import { DeleteClient } from './delete-client.js';
import { OAuthClients } from './oauth-clients.js';
import { OAuthClientsAdminController } from './oauth-clients-admin.controller.js';
import { RotateClientSecret } from './rotate-client-secret.js';

/** Services with a secret of their own: who they are and what they may do. */
@Module({
  imports: [RolesModule],
  controllers: [OAuthClientsAdminController],
  providers: [
    ChangeClient,
    ClientAuthorities,
    ClientDirectory,
    CreateClient,
    DeleteClient,
    OAuthClients,
    RotateClientSecret,
  ],
  exports: [ClientDirectory, CreateClient, DeleteClient, OAuthClients, RotateClientSecret],
})
export class OAuthClientsModule {}
