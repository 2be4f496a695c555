import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import type { Delivery } from '../sign-in/sign-in.dto.js';
import type { GrantedAccess } from '../sign-in/start-session.js';
import { SameSite } from './same-site.js';
import { type RefreshBody, TokenResponse } from './session.dto.js';
import { SsoBrowser } from './sso-browser.js';

/** Carries a browser's refresh token. */
@Injectable()
export class RefreshCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config);
  }
}

export interface DeliveredToken {
  readonly refreshToken: string;
  readonly delivery: Delivery;
}

/** How refresh tokens travel: a browser's in its cookie and nowhere else, others' in the body. */
@Injectable()
export class TokenDelivery {
  constructor(
    private readonly cookie: RefreshCookie,
    private readonly sameSite: SameSite,
    private readonly ssoBrowser: SsoBrowser,
  ) {}

  /**
   * The refresh token of a request, or null. One in the body comes before one in the cookie.
   *
   * @throws LatchkeyError `auth.cross_site` when it came by cookie from another site
   */
  receive(request: FastifyRequest, body: RefreshBody | undefined): DeliveredToken | null {
    if (body?.refreshToken !== undefined) {
      return { refreshToken: body.refreshToken, delivery: 'body' };
    }
    const refreshToken = this.cookie.read(request);
    if (refreshToken === null) return null;
    this.sameSite.require(request);
    return { refreshToken, delivery: 'cookie' };
  }

  /**
   * Before a session begins: no other site may plant its cookie.
   *
   * @throws LatchkeyError `auth.cross_site`, before anything has been done
   */
  requireOwnSite(request: FastifyRequest, delivery: Delivery): void {
    if (delivery === 'cookie') this.sameSite.require(request);
  }

  send(reply: FastifyReply, granted: GrantedAccess, delivery: Delivery): TokenResponse {
    const response = TokenResponse.of(granted);
    if (delivery === 'body') return { ...response, refreshToken: granted.refreshToken };
    this.cookie.write(reply, granted.refreshToken, granted.session.refreshExpiresInSeconds);
    return response;
  }

  clear(reply: FastifyReply): void {
    this.cookie.clear(reply);
    this.ssoBrowser.forget(reply);
  }
}
