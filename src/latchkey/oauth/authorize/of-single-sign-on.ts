import {
  applyDecorators,
  type CanActivate,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { DeclaredRoute } from '../../access/declared-routes.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';

const OF_SINGLE_SIGN_ON = 'latchkey:of-single-sign-on';

/** Where `SINGLE_SIGN_ON` is off, the routes of a provider are not there. */
@Injectable()
class SingleSignOnGuard implements CanActivate {
  constructor(private readonly config: SingleSignOnConfig) {}

  /** @throws LatchkeyError `request.not_found` */
  canActivate(): boolean {
    if (!this.config.isOn) throw requestErrors.notFound();
    return true;
  }
}

/** For what is there only where `SINGLE_SIGN_ON` is on: `@Throws(requestErrors.notFound)`. */
export function OfSingleSignOn(): ClassDecorator & MethodDecorator {
  return applyDecorators(UseGuards(SingleSignOnGuard), SetMetadata(OF_SINGLE_SIGN_ON, true));
}

export function isOfSingleSignOn({
  controller,
  method,
}: Pick<DeclaredRoute, 'controller' | 'method'>): boolean {
  return [controller, controller.prototype[method]].some(
    (place) => Reflect.getMetadata(OF_SINGLE_SIGN_ON, place) === true,
  );
}
