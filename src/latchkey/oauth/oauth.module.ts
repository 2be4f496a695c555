import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ThrottleModule } from '../auth/throttling/throttle.module.js';
import { AuthenticateClient } from './authenticate-client.js';
import { ClientCredentialsGrant } from './client-credentials-grant.js';
import { ClientThrottle } from './client-throttle.js';
import { OAuthClientsModule } from './clients/oauth-clients.module.js';
import { IntrospectToken } from './introspect-token.js';
import { LiveAccessTokens } from './live-access-tokens.js';
import { MetadataController } from './metadata.controller.js';
import { OAuthController } from './oauth.controller.js';
import { RefreshTokenGrant } from './refresh-token-grant.js';
import { RevokeToken } from './revoke-token.js';

/** What services and OAuth libraries ask: token, introspection, revocation, metadata. */
@Module({
  imports: [AuthModule, OAuthClientsModule, ThrottleModule],
  controllers: [MetadataController, OAuthController],
  providers: [
    AuthenticateClient,
    ClientCredentialsGrant,
    ClientThrottle,
    IntrospectToken,
    LiveAccessTokens,
    RefreshTokenGrant,
    RevokeToken,
  ],
})
export class OAuthModule {}
