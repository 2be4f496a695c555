import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokenSize } from './access-token-size.js';
import { AccessTokens } from './access-tokens.js';
import { AdminSessionsController } from './admin-sessions.controller.js';
import { ContributedClaims } from './contributed-claims.js';
import { HeardVersions } from './heard-versions.js';
import { RefreshRecord } from './refresh-record.js';
import { RefreshTokenCodec } from './refresh-token-codec.js';
import { RevokeSessions } from './revoke-sessions.js';
import { SessionCounter } from './session-counter.js';
import { SessionCutoffs } from './session-cutoffs.js';
import { SessionDirectory } from './session-directory.js';
import { SessionEnder } from './session-ender.js';
import { SessionFamilies } from './session-families.js';
import { SessionLimit } from './session-limit.js';
import { SessionRetention } from './session-retention.js';
import { SessionSearch } from './session-search.js';
import { Sessions } from './sessions.js';

/** Access tokens, and sessions with their refresh tokens. */
@Global()
@Module({
  imports: [DiscoveryModule, JwtModule.register({})],
  controllers: [AdminSessionsController],
  providers: [
    AccessTokenSize,
    AccessTokens,
    ContributedClaims,
    HeardVersions,
    RefreshRecord,
    RefreshTokenCodec,
    RevokeSessions,
    SessionCounter,
    SessionCutoffs,
    SessionDirectory,
    SessionEnder,
    SessionFamilies,
    SessionLimit,
    SessionRetention,
    SessionSearch,
    Sessions,
  ],
  exports: [
    AccessTokenSize,
    AccessTokens,
    SessionDirectory,
    SessionEnder,
    SessionLimit,
    SessionRetention,
    Sessions,
  ],
})
export class TokensModule {}
