/**
 * `latchkey/access`, and `latchkey-access/nest`: for services that accept Latchkey's access tokens
 * and are not Latchkey. docs/verify-in-your-service.md shows how it is used.
 */
export {
  CurrentUser,
  Public,
  RequireAssurance,
  RequirePermissions,
  RequireScopes,
  Roles,
} from '../../access/access.decorators.js';
export {
  type ResourceServerAsyncOptions as AccessModuleAsyncOptions,
  ResourceServerModule as AccessModule,
} from './resource-server.module.js';
export {
  type AccessOptions,
  type AccessTokenVerifier,
  type AssuranceDemand,
  type AssuranceLevel,
  type CallerDemands,
  createAccessTokenVerifier,
  LatchkeyError,
  type Principal,
  type ProtectedRequest,
  type ProtectedResourceOptions,
  type RequestAuthorization,
  type RequestHandler,
  StartupError,
} from './verifier.js';
export { VerifyAccessToken } from './verify-access-token.js';
