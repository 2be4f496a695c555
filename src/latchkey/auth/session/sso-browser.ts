import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import type { LiveSession } from '../../tokens/sessions/refresh/live-session.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { SsoSessions } from '../../tokens/sessions/sso/sso-sessions.js';
import { TokensConfig } from '../../tokens/sessions/tokens.config.js';

/**
 * Says who is signed in to the authorization endpoint, and to nothing else. `Lax`: other sites lead
 * there by a link, on which browsers do not send the session's own cookie.
 */
@Injectable()
export class SsoCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-sso', { lax: true });
  }
}

/** The browser that somebody has signed in from, as the authorization endpoint knows it. */
@Injectable()
export class SsoBrowser {
  constructor(
    private readonly cookie: SsoCookie,
    private readonly sessions: SsoSessions,
    private readonly config: SingleSignOnConfig,
    private readonly tokens: TokensConfig,
  ) {}

  /** Call it once a session has begun whose refresh token goes into its cookie. Does nothing where it is off. */
  async remember(reply: FastifyReply, { id }: Pick<LiveSession, 'id'>): Promise<void> {
    if (!this.config.isOn) return;
    const token = await this.sessions.tokenOf(id);
    // Its session ends sooner, which is looked up each time.
    this.cookie.write(reply, token, this.tokens.sessionAbsoluteTtlSeconds);
  }

  /** The same at a refresh: sessions from before it was on are known as well, once they are refreshed. */
  async rememberUnlessKnown(reply: FastifyReply, session: Pick<LiveSession, 'id'>): Promise<void> {
    const token = this.cookie.read(reply.request);
    if (token !== null && this.sessions.claims(token, session.id)) return;
    await this.remember(reply, session);
  }

  /** Null where nobody is signed in, or not any more. */
  async find(request: FastifyRequest): Promise<LiveSession | null> {
    const token = this.cookie.read(request);
    return token === null ? null : this.sessions.find(token);
  }

  forget(reply: FastifyReply): void {
    if (this.config.isOn) this.cookie.clear(reply);
  }
}
