import { Injectable } from '@nestjs/common';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';

/** Carries a browser's refresh token. */
@Injectable()
export class RefreshCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config);
  }
}
