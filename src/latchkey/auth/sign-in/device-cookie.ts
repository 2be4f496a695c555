import { Injectable } from '@nestjs/common';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';

/** Carries the marks of the accounts that somebody has signed in to from this device. */
@Injectable()
export class DeviceCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-device');
  }
}
