import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PasswordChangeThrottle } from '../account/password-change-throttle.js';
import { RegistrationThrottle } from '../registration/registration-throttle.js';
import { RefreshThrottle } from '../session/refresh-throttle.js';
import { DeviceCookie, KnownDevices } from '../sign-in/known-devices.js';
import { ThrottledSignIns } from '../sign-in/sign-in-failures.js';
import { SignInThrottle } from '../sign-in/sign-in-throttle.js';
import { WriteThrottleGuard } from './write-throttle.guard.js';

/** Bounds guessing, and what one address, user or service can make this one do. */
@Module({
  providers: [
    DeviceCookie,
    KnownDevices,
    PasswordChangeThrottle,
    RefreshThrottle,
    RegistrationThrottle,
    SignInThrottle,
    ThrottledSignIns,
    { provide: APP_GUARD, useClass: WriteThrottleGuard },
  ],
  exports: [
    KnownDevices,
    PasswordChangeThrottle,
    RefreshThrottle,
    RegistrationThrottle,
    SignInThrottle,
    ThrottledSignIns,
  ],
})
export class ThrottleModule {}
