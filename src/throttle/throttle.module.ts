import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DeviceCookie } from './device-cookie.js';
import { KnownDevices } from './known-devices.js';
import { PasswordChangeThrottle } from './password-change-throttle.js';
import { RefreshThrottle } from './refresh-throttle.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { ThrottledSignIns } from './throttled-sign-ins.js';
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
  ],
})
export class ThrottleModule {}
