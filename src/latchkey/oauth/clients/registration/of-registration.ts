import {
  applyDecorators,
  type CanActivate,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { DeclaredRoute } from '../../../access/declared-routes.js';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { RegistrationConfig } from './registration.config.js';

const OF_REGISTRATION = 'latchkey:of-client-registration';

@Injectable()
class RegistrationGuard implements CanActivate {
  constructor(private readonly config: RegistrationConfig) {}

  /** @throws LatchkeyError `request.not_found` */
  canActivate(): boolean {
    if (!this.config.isOn) throw requestErrors.notFound();
    return true;
  }
}

/** For what is there only where `DYNAMIC_CLIENT_REGISTRATION` is on: `@Throws(requestErrors.notFound)`. */
export function OfRegistration(): ClassDecorator {
  return applyDecorators(UseGuards(RegistrationGuard), SetMetadata(OF_REGISTRATION, true));
}

export function isOfRegistration({ controller }: Pick<DeclaredRoute, 'controller'>): boolean {
  return Reflect.getMetadata(OF_REGISTRATION, controller) === true;
}
