import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const PUBLIC = 'latchkey:public';

/**
 * Lets anybody call the route. Without it a route demands a signed-in caller. A handler that
 * names roles or permissions stays guarded even in a controller that is public, and so does what a
 * class declares that extends the controller. Beside a demand, at the same place or at one that it
 * builds on, it ends the start: `readDemands` has the rules.
 */
export function Public(): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));
}
