import { Injectable } from '@nestjs/common';
import { FamilyStore, type FoundFamily } from '../store/family-store.js';
import type { SessionFamily, SessionLookup } from '../store/session-family.js';
import { TokensConfig } from '../tokens.config.js';
import { type GrantedSession, toLiveSession } from './live-session.js';
import { RefreshTokenCodec } from './refresh-token-codec.js';
import { type Judgement, judge, type RotationLimits } from './rotation-rule.js';

/** The family of an authentic token, and which generation of it the token is. */
export interface AuthenticToken<T> extends FoundFamily<T> {
  readonly generation: number;
}

/** What a refresh token says, and the refresh token of a family. Changes nothing. */
@Injectable()
export class RefreshTokens {
  readonly limits: RotationLimits;

  constructor(
    private readonly families: FamilyStore,
    private readonly codec: RefreshTokenCodec,
    config: TokensConfig,
  ) {
    this.limits = {
      graceMilliseconds: config.refreshGraceSeconds * 1000,
      recoveryMilliseconds: config.refreshRecoverySeconds * 1000,
    };
  }

  /** Null for a text that is no token of a family that there is, whatever its generation. */
  async authenticate<T>(
    refreshToken: string,
    lookup: SessionLookup<T>,
  ): Promise<AuthenticToken<T> | null> {
    const token = this.codec.parse(refreshToken);
    const found = token && (await this.families.find(token.sessionId, lookup));
    if (token === null || found === null) return null;
    if (!this.codec.verify(token, found.family.familyKey)) return null;
    return { ...found, generation: token.generation };
  }

  judge({ rotation, nowMilliseconds }: SessionFamily, generation: number): Judgement {
    return judge(rotation, generation, nowMilliseconds, this.limits);
  }

  /** The session, and the one token that is current as the family was read. */
  grant(family: SessionFamily): GrantedSession {
    const { sessionId, rotation, familyKey } = family;
    return {
      session: toLiveSession(family),
      refreshToken: this.codec.encode(sessionId, rotation.generation, familyKey),
    };
  }
}
