import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { switchedRoutes } from '../switched-routes.js';

/** The routes of a provider. */
export const providerRoutes = switchedRoutes('SINGLE_SIGN_ON', SingleSignOnConfig);

/** For what is there only where `SINGLE_SIGN_ON` is on: `@Throws(requestErrors.notFound)`. */
export const OfSingleSignOn = providerRoutes.mark;
