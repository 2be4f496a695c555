/** `latchkey-access`: for services of any kind. It loads nothing of Nest, where there is none. */
export type { AssuranceDemand, AssuranceLevel } from '../../access/assurance.js';
export type { Principal } from '../../access/principal.js';
export { LatchkeyError } from '../../platform/errors/latchkey-error.js';
export { StartupError } from '../../platform/errors/startup-error.js';
export type { ResourceServerOptions as AccessOptions } from './resource-server-options.js';
export {
  type AccessTokenVerifier,
  type CallerDemands,
  createAccessTokenVerifier,
} from './verify-access-token.js';
