import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { findProvided } from '../../../platform/ports/find-provided.js';
import type { GrantedSession } from '../refresh/live-session.js';
import { RefreshTokens } from '../refresh/refresh-tokens.js';
import { SessionFactors } from '../session-factors.js';
import { FamilyStore } from '../store/family-store.js';
import { SessionStore } from '../store/session-store.js';
import { TokensConfig } from '../tokens.config.js';
import { FollowClientSessions } from './follow-client-sessions.js';

/** What a user has granted a client. */
export interface ClientGrant {
  readonly userId: string;
  readonly clientId: string;
  /** The session of the sign-in, which is live. */
  readonly parentId: string;
  readonly scope: readonly string[];
  /** Whom the access tokens are for; null: this API. */
  readonly audience: string | null;
}

/**
 * Begins sessions at clients: each a family of its own with a `sid` of its own, child of the session of the sign-in. It
 * ends with that, or alone.
 */
@Injectable()
export class ClientSessions implements OnModuleInit {
  private followers: readonly FollowClientSessions[] = [];

  constructor(
    private readonly store: SessionStore,
    private readonly families: FamilyStore,
    private readonly factors: SessionFactors,
    private readonly tokens: RefreshTokens,
    private readonly audit: AuditTrail,
    private readonly config: TokensConfig,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.followers = findProvided(this.discovery, FollowClientSessions);
  }

  /**
   * Begins one in the caller's transaction, and records it. What has been shown in the sign-in's session counts
   * as shown in it, at the same time.
   *
   * @returns null when the sign-in's session is over
   */
  async start(
    manager: EntityManager,
    grant: ClientGrant,
    actor: Actor,
  ): Promise<GrantedSession | null> {
    const { userId, clientId, parentId, scope, audience } = grant;
    // Whoever ends it waits, and then sees what it has begun.
    if (!(await this.store.keepLive(manager, parentId))) return null;
    const family = await this.families.insertIfParentLives(manager, {
      userId,
      factors: await this.factors.shownIn(manager, parentId),
      actor,
      data: {},
      idleTtlSeconds: this.config.sessionIdleTtlSeconds,
      absoluteTtlSeconds: this.config.sessionAbsoluteTtlSeconds,
      client: { clientId, parentId, scope: scope.join(' '), audience },
    });
    if (family === null) return null;
    await this.audit.record(manager, {
      action: 'session.granted',
      actor: { ...actor, userId, sessionId: parentId },
      target: { type: 'session', id: family.sessionId },
      details: { clientId, parentId, scope },
    });
    const { sessionId } = family;
    for (const follower of this.followers) {
      await follower.begun(manager, { sessionId, userId, clientId });
    }
    return this.tokens.grant(family);
  }
}
