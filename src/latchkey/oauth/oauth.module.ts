import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuthModule } from '../auth/auth.module.js';
import { ThrottleModule } from '../auth/throttling/throttle.module.js';
import { UsersModule } from '../users/users.module.js';
import { AuthenticateClient } from './authenticate-client.js';
import { AnswerQuestion } from './authorize/answer-question.js';
import { AuthorizationCodeGrant } from './authorize/authorization-code-grant.js';
import { AuthorizeController } from './authorize/authorize.controller.js';
import { Authorize } from './authorize/authorize.js';
import { BeginAtClient } from './authorize/begin-at-client.js';
import { IssueCode } from './authorize/issue-code.js';
import { FindPlace } from './authorize/known-place.js';
import { Places } from './authorize/places.js';
import { PushRequest } from './authorize/pushed/push-request.js';
import { PushedController } from './authorize/pushed/pushed.controller.js';
import { PushedRequests } from './authorize/pushed/pushed-requests.js';
import { RedirectAnswer } from './authorize/redirect-answer.js';
import { ReplayedCode } from './authorize/replayed-code.js';
import { SealedRequest } from './authorize/sealed-request.js';
import { StillGranted } from './authorize/still-granted.js';
import { TokenAudiences } from './authorize/token-audiences.js';
import { WhatIsMissing } from './authorize/what-is-missing.js';
import { DeliverLogout } from './backchannel-logout/deliver-logout.js';
import { LogoutTokens } from './backchannel-logout/logout-tokens.js';
import { LogoutsByExpiry, LogoutsOfEveryone } from './backchannel-logout/logouts-by-expiry.js';
import {
  LogoutsByRevocation,
  RememberLogouts,
  TellClients,
} from './backchannel-logout/tell-clients.js';
import { ClientAssertions } from './client-assertions/client-assertions.js';
import { UsedAssertions } from './client-assertions/used-assertions.js';
import { ClientCredentialsGrant } from './client-credentials-grant.js';
import { ClientThrottle } from './client-throttle.js';
import { OAuthClientsModule } from './clients/oauth-clients.module.js';
import { RegisterClient } from './clients/registration/register-client.js';
import { RegistrationController } from './clients/registration/registration.controller.js';
import { RegistrationThrottle } from './clients/registration/registration-throttle.js';
import { SelfRegisteredStore } from './clients/registration/self-registered-store.js';
import { ConsentDirectory } from './consents/consent-directory.js';
import { ConsentExport } from './consents/consent-export.js';
import { ConsentStore } from './consents/consent-store.js';
import { ConsentsController } from './consents/consents.controller.js';
import { ConsentsAdminController } from './consents/consents-admin.controller.js';
import { RememberConsent } from './consents/remember-consent.js';
import { WithdrawConsent } from './consents/withdraw-consent.js';
import { AnswerDevice } from './device/answer-device.js';
import { AuthorizeDevice } from './device/authorize-device.js';
import { DeviceAuthorizationController, DeviceController } from './device/device.controller.js';
import { DeviceCodeGrant } from './device/device-code-grant.js';
import { DeviceStore } from './device/device-store.js';
import { DeviceThrottle } from './device/device-throttle.js';
import { UserCodes } from './device/user-code.js';
import { EndSessionController } from './end-session/end-session.controller.js';
import { EndSignIn } from './end-session/end-sign-in.js';
import { IdTokenHint } from './end-session/id-token-hint.js';
import { SignOutController } from './end-session/sign-out.controller.js';
import { ReadSignOutRequest } from './end-session/sign-out-request.js';
import { SignOutThrottle } from './end-session/sign-out-throttle.js';
import { ClientTokenSigner } from './id-tokens/client-token-signer.js';
import { IdTokens } from './id-tokens/id-tokens.js';
import { IntrospectToken } from './introspect-token.js';
import { LiveAccessTokens } from './live-access-tokens.js';
import { MetadataController } from './metadata.controller.js';
import { OAuthController } from './oauth.controller.js';
import { RefreshTokenGrant } from './refresh-token-grant.js';
import { ChangeResource } from './resources/change-resource.js';
import { CreateResource } from './resources/create-resource.js';
import { DeleteResource } from './resources/delete-resource.js';
import { NarrowGrant } from './resources/narrow-grant.js';
import { ResourceDirectory } from './resources/resource-directory.js';
import { ResourceRules } from './resources/resource-rules.js';
import { ResourcesAdminController } from './resources/resources-admin.controller.js';
import { ServiceGrant } from './resources/service-grant.js';
import { TakeScopes } from './resources/take-scopes.js';
import { RevokeToken } from './revoke-token.js';
import { UserinfoController } from './userinfo/userinfo.controller.js';
import { Userinfo } from './userinfo/userinfo.js';

/**
 * What services and OAuth libraries ask: token, introspection, revocation, metadata; and, where `SINGLE_SIGN_ON` is on,
 * what apps that people sign in at ask.
 */
@Module({
  imports: [AuthModule, JwtModule.register({}), OAuthClientsModule, ThrottleModule, UsersModule],
  controllers: [
    AuthorizeController,
    ConsentsAdminController,
    ConsentsController,
    DeviceAuthorizationController,
    DeviceController,
    EndSessionController,
    MetadataController,
    OAuthController,
    PushedController,
    RegistrationController,
    ResourcesAdminController,
    SignOutController,
    UserinfoController,
  ],
  providers: [
    AnswerDevice,
    AnswerQuestion,
    AuthorizeDevice,
    BeginAtClient,
    DeviceCodeGrant,
    DeviceStore,
    DeviceThrottle,
    RememberConsent,
    UserCodes,
    AuthorizationCodeGrant,
    Authorize,
    ConsentDirectory,
    ConsentExport,
    ConsentStore,
    DeliverLogout,
    EndSignIn,
    FindPlace,
    IdTokenHint,
    IdTokens,
    IssueCode,
    LogoutTokens,
    LogoutsByExpiry,
    LogoutsByRevocation,
    LogoutsOfEveryone,
    Places,
    PushRequest,
    PushedRequests,
    ReadSignOutRequest,
    RegisterClient,
    RegistrationThrottle,
    SelfRegisteredStore,
    RememberLogouts,
    RedirectAnswer,
    ReplayedCode,
    SealedRequest,
    SignOutThrottle,
    StillGranted,
    TellClients,
    TokenAudiences,
    UsedAssertions,
    Userinfo,
    WhatIsMissing,
    WithdrawConsent,
    AuthenticateClient,
    ClientAssertions,
    ClientCredentialsGrant,
    ClientThrottle,
    ClientTokenSigner,
    IntrospectToken,
    LiveAccessTokens,
    RefreshTokenGrant,
    RevokeToken,
    ChangeResource,
    CreateResource,
    DeleteResource,
    NarrowGrant,
    ResourceDirectory,
    ResourceRules,
    ServiceGrant,
    TakeScopes,
  ],
  exports: [DeviceStore, SelfRegisteredStore],
})
export class OAuthModule {}
