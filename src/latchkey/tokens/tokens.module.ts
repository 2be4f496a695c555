import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AccessTokenSize } from './access-tokens/access-token-size.js';
import { AccessTokens } from './access-tokens/access-tokens.js';
import { ContributedClaims } from './access-tokens/contributed-claims.js';
import { HeardVersions } from './access-tokens/heard-versions.js';
import { ProvidedSecondFactors } from './assurance/provided-second-factors.js';
import { IssueOneTimeSecret } from './one-time/issue-one-time-secret.js';
import { OneTimeCodec } from './one-time/one-time-codec.js';
import { OneTimeExport } from './one-time/one-time-export.js';
import { OneTimeInsertion } from './one-time/one-time-insertion.js';
import { OneTimeSecrets } from './one-time/one-time-secrets.js';
import { OneTimeStore } from './one-time/one-time-store.js';
import { ProofJudge } from './one-time/proof-judge.js';
import { RevokeSessions } from './sessions/admin/revoke-sessions.js';
import { SessionSearch } from './sessions/admin/session-search.js';
import { SessionsAdminController } from './sessions/admin/sessions-admin.controller.js';
import { ClientSessions } from './sessions/at-clients/client-sessions.js';
import { CutOffAfterRestore } from './sessions/cutoffs/cut-off-after-restore.js';
import { SessionCutoffs } from './sessions/cutoffs/session-cutoffs.js';
import { RefreshRecord } from './sessions/refresh/refresh-record.js';
import { RefreshTokenCodec } from './sessions/refresh/refresh-token-codec.js';
import { RefreshTokens } from './sessions/refresh/refresh-tokens.js';
import { SessionDirectory } from './sessions/session-directory.js';
import { SessionEnder } from './sessions/session-ender.js';
import { SessionFactors } from './sessions/session-factors.js';
import { SessionLimit } from './sessions/session-limit.js';
import { Sessions } from './sessions/sessions.js';
import { SetSessionData } from './sessions/set-session-data.js';
import { SsoSessions } from './sessions/sso/sso-sessions.js';
import { SsoTokenCodec } from './sessions/sso/sso-token-codec.js';
import { CutoffStore } from './sessions/store/cutoff-store.js';
import { FamilyStore } from './sessions/store/family-store.js';
import { SessionDataStore } from './sessions/store/session-data-store.js';
import { SessionExport } from './sessions/store/session-export.js';
import { SessionFactorStore } from './sessions/store/session-factor-store.js';
import { SessionRetention } from './sessions/store/session-retention.js';
import { SessionScopeStore } from './sessions/store/session-scope-store.js';
import { SessionSearchStore } from './sessions/store/session-search-store.js';
import { SessionStore } from './sessions/store/session-store.js';

/** Access tokens, sessions with their refresh tokens, and what works once. */
@Global()
@Module({
  imports: [DiscoveryModule, JwtModule.register({})],
  controllers: [SessionsAdminController],
  providers: [
    ProvidedSecondFactors,
    SessionFactors,
    SessionFactorStore,
    AccessTokenSize,
    AccessTokens,
    ContributedClaims,
    CutOffAfterRestore,
    CutoffStore,
    FamilyStore,
    HeardVersions,
    IssueOneTimeSecret,
    OneTimeCodec,
    OneTimeSecrets,
    OneTimeExport,
    OneTimeInsertion,
    OneTimeStore,
    ProofJudge,
    RefreshRecord,
    RefreshTokenCodec,
    RefreshTokens,
    RevokeSessions,
    SessionCutoffs,
    SessionDataStore,
    SessionDirectory,
    SessionEnder,
    SessionLimit,
    SessionExport,
    SessionRetention,
    SessionSearch,
    SessionSearchStore,
    SessionStore,
    Sessions,
    SetSessionData,
    SsoSessions,
    SsoTokenCodec,
    ClientSessions,
    SessionScopeStore,
  ],
  exports: [
    ProvidedSecondFactors,
    SessionFactors,
    AccessTokenSize,
    AccessTokens,
    OneTimeSecrets,
    OneTimeStore,
    SessionDirectory,
    SessionEnder,
    SessionLimit,
    SessionRetention,
    Sessions,
    SetSessionData,
    SsoSessions,
    ClientSessions,
    SessionScopeStore,
  ],
})
export class TokensModule {}
