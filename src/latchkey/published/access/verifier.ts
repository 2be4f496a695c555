/** `latchkey-access`: for services of any kind. It loads nothing of Nest, where there is none. */
export type { AssuranceDemand, AssuranceLevel } from '../../access/assurance.js';
export type { Principal } from '../../access/principal.js';
export { LatchkeyError } from '../../platform/errors/latchkey-error.js';
export { StartupError } from '../../platform/errors/startup-error.js';
export {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
} from './create-access-token-verifier.js';
export type {
  ProtectedRequest,
  RequestAuthorization,
  RequestHandler,
} from './protect-requests.js';
export type {
  ProtectedResourceOptions,
  ResourceServerOptions as AccessOptions,
} from './resource-server-options.js';
export type { CallerDemands } from './verify-access-token.js';
