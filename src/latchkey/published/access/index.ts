/**
 * `latchkey/access`: for services that accept Latchkey's access tokens and are not Latchkey.
 * docs/verify-in-your-service.md shows how it is used.
 */
export { CurrentUser, Public, RequirePermissions, Roles } from '../../access/access.decorators.js';
export type { Principal } from '../../access/principal.js';
export { LatchkeyError } from '../../platform/errors/latchkey-error.js';
export { StartupError } from '../../platform/errors/startup-error.js';
export {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
} from './create-access-token-verifier.js';
export {
  type ResourceServerAsyncOptions as AccessModuleAsyncOptions,
  ResourceServerModule as AccessModule,
} from './resource-server.module.js';
export type { ResourceServerOptions as AccessOptions } from './resource-server-options.js';
export { type CallerDemands, VerifyAccessToken } from './verify-access-token.js';
