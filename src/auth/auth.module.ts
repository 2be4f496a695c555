import { Module } from '@nestjs/common';
import { PasswordsModule } from '../passwords/passwords.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { ChangePassword } from '../users/change-password.js';
import { OwnProfileController } from '../users/own-profile.controller.js';
import { UpdateProfile } from '../users/update-profile.js';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { ChangeOwnPassword } from './change-own-password.js';
import { CompleteSignIn } from './complete-sign-in.js';
import { OwnAccountController } from './own-account.controller.js';
import { PasswordStrategy } from './password.strategy.js';
import { PasswordSignIn } from './password-sign-in.js';
import { RefreshCookie } from './refresh-cookie.js';
import { RefreshSession } from './refresh-session.js';
import { Register } from './register.js';
import { SameSite } from './same-site.js';
import { SessionsOfRequest } from './sessions-of-request.js';
import { SignInFailures } from './sign-in-failures.js';
import { SignOut } from './sign-out.js';
import { StartSession } from './start-session.js';
import { TokenDelivery } from './token-delivery.js';

/** The flows of signing in, staying in and signing out. It owns no tables. */
@Module({
  imports: [PasswordsModule, ThrottleModule, UsersModule],
  controllers: [AuthController, OwnAccountController, OwnProfileController],
  providers: [
    ChangeOwnPassword,
    ChangePassword,
    CompleteSignIn,
    PasswordSignIn,
    PasswordStrategy,
    RefreshCookie,
    RefreshSession,
    Register,
    SameSite,
    SessionsOfRequest,
    SignInFailures,
    SignOut,
    StartSession,
    TokenDelivery,
    UpdateProfile,
  ],
  exports: [CompleteSignIn, RefreshSession],
})
export class AuthModule {}
