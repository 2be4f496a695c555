import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { RolesModule } from '../roles/roles.module.js';
import { PasswordsModule } from '../users/passwords/passwords.module.js';
import { UsersModule } from '../users/users.module.js';
import { ChangeOwnPassword, ChangePassword } from './account/change-password.js';
import { LeavingController } from './account/leaving.controller.js';
import { OwnAccountController } from './account/own-account.controller.js';
import { OwnProfileController } from './account/own-profile.controller.js';
import { PasswordByMail } from './account/password-by-mail.js';
import { SetPassword } from './account/set-password.js';
import { UpdateProfile } from './account/update-profile.js';
import { ChangeEmail } from './email-change/change-email.js';
import { EmailChangeController } from './email-change/email-change.controller.js';
import { UndoEmailChange } from './email-change/undo-email-change.js';
import { EmailSignInController } from './email-sign-in/email-sign-in.controller.js';
import { EmailSignInCookie, SignInByEmail } from './email-sign-in/sign-in-by-email.js';
import {
  InvitationAdminController,
  InvitationController,
} from './invitation/invitation.controller.js';
import { InviteUser } from './invitation/invite-user.js';
import { TakeOverUnproved } from './invitation/take-over-unproved.js';
import { AccountMails } from './mail/account-mail.js';
import { FeatureMails } from './mail/feature-mails.js';
import { MailLinks } from './mail/mail-links.js';
// Declares what demands a mail server.
import './mail/mail-demands.config.js';
import { MailProofs } from './mail/mail-proofs.js';
import { MailRequests } from './mail/mail-requests.js';
import { MailTemplates } from './mail/mail-templates.js';
import { MailboxShares } from './mail/mailbox-shares.js';
import { MailedDeletionNotice } from './mail/mailed-deletion-notice.js';
import { Notices } from './mail/notices.js';
import { RecoverAccount } from './recovery/recover-account.js';
import { RecoveryController } from './recovery/recovery.controller.js';
import { RecoveryAdminController } from './recovery/recovery-admin.controller.js';
import { Register } from './registration/register.js';
import { ProvidedRegistrationFields } from './registration/registration-fields.js';
import { FreshSignIn, FreshSignInGuard } from './second-factor/fresh-sign-in.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { SecondFactorChallenges } from './second-factor/second-factor-challenges.js';
import { SecondFactorSignIn } from './second-factor/second-factor-sign-in.js';
import { SecondFactorThrottle } from './second-factor/second-factor-throttle.js';
import { StepUp } from './second-factor/step-up.js';
import { AuthController } from './session/auth.controller.js';
import { EndAllSessions } from './session/end-all-sessions.js';
import { RefreshOutcomes } from './session/refresh-outcomes.js';
import { RefreshSession } from './session/refresh-session.js';
import { SameSite } from './session/same-site.js';
import { SessionsOfRequest } from './session/sessions-of-request.js';
import { SignOut } from './session/sign-out.js';
import { SsoBrowser, SsoCookie } from './session/sso-browser.js';
import { RefreshCookie, TokenDelivery } from './session/token-delivery.js';
import { CompleteSignIn } from './sign-in/complete-sign-in.js';
import { PasswordStrategy } from './sign-in/password.strategy.js';
import { PasswordSignIn } from './sign-in/password-sign-in.js';
import { SignInAttempts } from './sign-in/sign-in-attempts.js';
import { SignInFailures } from './sign-in/sign-in-failures.js';
import { StartSession } from './sign-in/start-session.js';
import { Pauses } from './throttling/pauses/pauses.js';
import { PausesAdminController } from './throttling/pauses/pauses-admin.controller.js';
import { ThrottleModule } from './throttling/throttle.module.js';
import { ConfirmAddress } from './verification/confirm-address.js';
import { RegisteringBrowser, RegistrationCookie } from './verification/registering-browser.js';
import { VerificationController } from './verification/verification.controller.js';
import { VerificationMail } from './verification/verification-mail.js';
import { WaysIn } from './ways-in/ways-in.js';

/** The flows of signing in, staying in and signing out. It owns no tables. */
@Module({
  imports: [DiscoveryModule, PasswordsModule, RolesModule, ThrottleModule, UsersModule],
  controllers: [
    AuthController,
    EmailChangeController,
    LeavingController,
    OwnAccountController,
    OwnProfileController,
    RecoveryController,
    VerificationController,
    EmailSignInController,
    InvitationController,
    InvitationAdminController,
    RecoveryAdminController,
    SecondFactorController,
    PausesAdminController,
  ],
  providers: [
    AccountMails,
    FeatureMails,
    MailLinks,
    MailTemplates,
    Notices,
    MailboxShares,
    MailedDeletionNotice,
    ChangeEmail,
    UndoEmailChange,
    EndAllSessions,
    RecoverAccount,
    ChangeOwnPassword,
    ChangePassword,
    CompleteSignIn,
    ConfirmAddress,
    EmailSignInCookie,
    SignInByEmail,
    MailProofs,
    MailRequests,
    InviteUser,
    TakeOverUnproved,
    PasswordByMail,
    PasswordSignIn,
    PasswordStrategy,
    ProvidedRegistrationFields,
    RefreshCookie,
    RefreshOutcomes,
    RefreshSession,
    Register,
    RegisteringBrowser,
    RegistrationCookie,
    SameSite,
    SessionsOfRequest,
    SignInAttempts,
    SignInFailures,
    SetPassword,
    SignOut,
    StartSession,
    SsoBrowser,
    SsoCookie,
    FreshSignIn,
    SecondFactorChallenges,
    SecondFactorSignIn,
    SecondFactorThrottle,
    StepUp,
    Pauses,
    { provide: APP_GUARD, useClass: FreshSignInGuard },
    TokenDelivery,
    UpdateProfile,
    VerificationMail,
    WaysIn,
  ],
  exports: [
    AccountMails,
    CompleteSignIn,
    FeatureMails,
    FreshSignIn,
    InviteUser,
    MailLinks,
    MailProofs,
    MailRequests,
    MailTemplates,
    Notices,
    RefreshOutcomes,
    RefreshSession,
    RegisteringBrowser,
    SameSite,
    SetPassword,
    SignInAttempts,
    SignInFailures,
    SsoBrowser,
    TokenDelivery,
    VerificationMail,
    WaysIn,
  ],
})
export class AuthModule {}
