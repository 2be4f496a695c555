import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AccessDecision } from './access-decision.js';
import { DeclaredRoutes } from './declared-routes.js';
import { AccessTokenStrategy } from './verification/access-token.strategy.js';
import { AccessTokenVerifier } from './verification/access-token-verifier.js';
import { VerifiedTokens } from './verification/verified-tokens.js';

/**
 * Protects every route of the application that imports it. The application has to provide,
 * globally, a `VerificationKeys` and a `RevocationList`.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    AccessTokenVerifier,
    VerifiedTokens,
    AccessDecision,
    AccessTokenStrategy,
    DeclaredRoutes,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokenVerifier, VerifiedTokens, AccessDecision, DeclaredRoutes],
})
export class AccessModule {}
