import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { VerificationKeys } from '../access/verification-keys.js';
import { AccessTokens } from './access-tokens.js';
import { AdminSessionsController } from './admin-sessions.controller.js';
import { JwksController } from './jwks.controller.js';
import { PrivateKeyCipher } from './private-key-cipher.js';
import { RefreshTokenCodec } from './refresh-token-codec.js';
import { RevokeSessions } from './revoke-sessions.js';
import { SessionCounter } from './session-counter.js';
import { SessionCutoffs } from './session-cutoffs.js';
import { SessionDirectory } from './session-directory.js';
import { SessionEnder } from './session-ender.js';
import { SessionFamilies } from './session-families.js';
import { SessionRetention } from './session-retention.js';
import { SessionSearch } from './session-search.js';
import { Sessions } from './sessions.js';
import { SigningKeyStore } from './signing-key-store.js';
import { SigningKeys } from './signing-keys.js';

/** Signing keys, access tokens, and sessions with their refresh tokens. */
@Global()
@Module({
  imports: [DiscoveryModule, JwtModule.register({})],
  controllers: [AdminSessionsController, JwksController],
  providers: [
    AccessTokens,
    PrivateKeyCipher,
    RefreshTokenCodec,
    RevokeSessions,
    SessionCounter,
    SessionCutoffs,
    SessionDirectory,
    SessionEnder,
    SessionFamilies,
    SessionRetention,
    SessionSearch,
    Sessions,
    SigningKeyStore,
    SigningKeys,
    { provide: VerificationKeys, useExisting: SigningKeys },
  ],
  exports: [
    AccessTokens,
    SessionDirectory,
    SessionEnder,
    SessionRetention,
    Sessions,
    SigningKeys,
    VerificationKeys,
  ],
})
export class TokensModule {}
