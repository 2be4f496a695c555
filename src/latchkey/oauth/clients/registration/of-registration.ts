import { switchedRoutes } from '../../switched-routes.js';
import { RegistrationConfig } from './registration.config.js';

/** Where clients register themselves. */
export const registrationRoutes = switchedRoutes('DYNAMIC_CLIENT_REGISTRATION', RegistrationConfig);

/** For what is there only where `DYNAMIC_CLIENT_REGISTRATION` is on: `@Throws(requestErrors.notFound)`. */
export const OfRegistration = registrationRoutes.mark;
