import { type CanActivate, Injectable } from '@nestjs/common';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';

/** Where `SINGLE_SIGN_ON` is off, the routes of a provider are not there. */
@Injectable()
export class SingleSignOnGuard implements CanActivate {
  constructor(private readonly config: SingleSignOnConfig) {}

  /** @throws LatchkeyError `request.not_found` */
  canActivate(): boolean {
    if (!this.config.isOn) throw requestErrors.notFound();
    return true;
  }
}
