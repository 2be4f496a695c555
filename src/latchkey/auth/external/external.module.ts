import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { RolesModule } from '../../roles/roles.module.js';
import { AuthModule } from '../auth.module.js';
import { ThrottleModule } from '../throttling/throttle.module.js';
import { BeginExternalSignIn } from './begin-external-sign-in.js';
import { ExternalController } from './external.controller.js';
import { ExternalCookie, StateCookies } from './external-cookies.js';
import { ExternalProviders } from './external-providers.js';
import { ExternalStates } from './external-states.js';
import { FinishExternalSignIn } from './finish-external-sign-in.js';
import { IdentitiesAdminController, IdentitiesController } from './identities.controller.js';
import { ProviderTokens } from './kept-tokens/provider-tokens.js';
import { IdentitySignIn } from './linking/identity-sign-in.js';
import { IdentityWayIn } from './linking/identity-way-in.js';
import { LinkIdentity } from './linking/link-identity.js';
import { OwnIdentities } from './linking/own-identities.js';
import { ProveOwner } from './linking/prove-owner.js';
import { RegisterIdentity } from './linking/register-identity.js';
import { SettleIdentity } from './linking/settle-identity.js';
import { GuardedFetch } from './oidc/guarded-fetch.js';
import { GitHubProvider } from './presets/github-provider.js';
import { RedirectUris } from './redirect-uris.js';
import { ReturnAddresses } from './return-addresses.js';
import { UsedTokens } from './used-tokens.js';

/** Signing in through others. */
@Module({
  imports: [AuthModule, DiscoveryModule, RolesModule, ThrottleModule],
  controllers: [ExternalController, IdentitiesAdminController, IdentitiesController],
  providers: [
    BeginExternalSignIn,
    ExternalCookie,
    ExternalProviders,
    ExternalStates,
    FinishExternalSignIn,
    GitHubProvider,
    GuardedFetch,
    IdentitySignIn,
    IdentityWayIn,
    LinkIdentity,
    OwnIdentities,
    ProveOwner,
    ProviderTokens,
    RedirectUris,
    RegisterIdentity,
    ReturnAddresses,
    SettleIdentity,
    StateCookies,
    UsedTokens,
  ],
  exports: [ProviderTokens],
})
export class ExternalModule {}
