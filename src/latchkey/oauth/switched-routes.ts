import {
  applyDecorators,
  type CanActivate,
  Inject,
  SetMetadata,
  type Type,
  UseGuards,
} from '@nestjs/common';
import type { DeclaredRoute } from '../access/declared-routes.js';
import { requestErrors } from '../platform/errors/request.errors.js';

/** Routes that are there only where a setting is on: elsewhere they answer as an unknown address does. */
export interface SwitchedRoutes {
  /** Puts a controller or one of its routes among them: `@Throws(requestErrors.notFound)`. */
  mark(): ClassDecorator & MethodDecorator;
  has(route: Pick<DeclaredRoute, 'controller' | 'method'>): boolean;
}

/** @param name the setting's */
export function switchedRoutes(
  name: string,
  config: Type<{ readonly isOn: boolean }>,
): SwitchedRoutes {
  class SwitchGuard implements CanActivate {
    constructor(@Inject(config) private readonly setting: { readonly isOn: boolean }) {}

    /** @throws LatchkeyError `request.not_found` */
    canActivate(): boolean {
      if (!this.setting.isOn) throw requestErrors.notFound();
      return true;
    }
  }
  const key = `latchkey:switched-by:${name}`;
  return {
    mark: () => applyDecorators(UseGuards(SwitchGuard), SetMetadata(key, true)),
    has: ({ controller, method }) =>
      [controller, controller.prototype[method]].some(
        (place) => Reflect.getMetadata(key, place) === true,
      ),
  };
}
