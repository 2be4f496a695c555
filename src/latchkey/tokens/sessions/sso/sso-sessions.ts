import { Injectable } from '@nestjs/common';
import { type LiveSession, toLiveSession } from '../refresh/live-session.js';
import { FamilyStore } from '../store/family-store.js';
import { SESSION_ALONE } from '../store/session-family.js';
import { SsoTokenCodec } from './sso-token-codec.js';

/** Knows a browser by the session of its sign-in, as long as that lives. Changes nothing. */
@Injectable()
export class SsoSessions {
  constructor(
    private readonly families: FamilyStore,
    private readonly codec: SsoTokenCodec,
  ) {}

  /** @throws Error when there is no such session */
  async tokenOf(sessionId: string): Promise<string> {
    const found = await this.families.find(sessionId, SESSION_ALONE);
    if (found === null) throw new Error('The session of an SSO token vanished.');
    return this.codec.encode(sessionId, found.family.familyKey);
  }

  /** Whether the token says that it is of this session. It may be forged. */
  claims(token: string, sessionId: string): boolean {
    return this.codec.parse(token)?.sessionId === sessionId;
  }

  /** Null for any other text, and once the session is over. */
  async find(token: string): Promise<LiveSession | null> {
    const parsed = this.codec.parse(token);
    const found = parsed && (await this.families.find(parsed.sessionId, SESSION_ALONE));
    if (parsed === null || found === null) return null;
    const { family } = found;
    if (!this.codec.matches(parsed, family.familyKey) || family.clientId !== null) return null;
    const isOver = family.endReason !== null || family.nowMilliseconds >= family.endsAtMilliseconds;
    return isOver ? null : toLiveSession(family);
  }
}
