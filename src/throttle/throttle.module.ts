import { Module } from '@nestjs/common';
import { ClientThrottle } from './client-throttle.js';
import { Counters } from './counters.js';
import { DeviceCookie } from './device-cookie.js';
import { KnownDevices } from './known-devices.js';
import { PasswordChangeThrottle } from './password-change-throttle.js';
import { RefreshThrottle } from './refresh-throttle.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { ThrottledSignIns } from './throttled-sign-ins.js';

/** Bounds guessing, and what one address can make the service do. */
@Module({
  providers: [
    ClientThrottle,
    Counters,
    DeviceCookie,
    KnownDevices,
    PasswordChangeThrottle,
    RefreshThrottle,
    RegistrationThrottle,
    SignInThrottle,
    ThrottledSignIns,
  ],
  exports: [
    ClientThrottle,
    KnownDevices,
    PasswordChangeThrottle,
    RefreshThrottle,
    RegistrationThrottle,
    SignInThrottle,
  ],
})
export class ThrottleModule {}
