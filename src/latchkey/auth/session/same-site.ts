import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AccessConfig } from '../../access/access.config.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { authErrors } from '../auth.errors.js';
import { LinksConfig } from '../mail/links.config.js';

/**
 * Refuses what another site makes a browser send with the session cookie, and the sign-in by which
 * it would plant one (OWASP CSRF Prevention Cheat Sheet: Fetch Metadata, verifying the origin).
 *
 * A sibling origin is let through only where `CORS_ORIGINS` names it, and one of another site only where
 * the cookies are for other sites as well (`COOKIE_SAME_SITE=none`). Clients that are no browsers
 * send neither header and carry no cookie that a site could borrow.
 */
@Injectable()
export class SameSite {
  constructor(
    private readonly http: HttpConfig,
    private readonly access: AccessConfig,
    private readonly links: LinksConfig,
  ) {}

  /** @throws LatchkeyError `auth.cross_site`, before anything has been done */
  require(request: FastifyRequest): void {
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const listed = origin !== undefined && this.http.corsOrigins.includes(origin);
    const sharesCookies = this.http.cookieSameSite === 'none' && listed;
    if (site === 'cross-site' && !sharesCookies) throw authErrors.crossSite();
    if (site === 'same-site' && !listed) throw authErrors.crossSite();
    if (origin === undefined || listed || this.isOwn(origin, request)) return;
    throw authErrors.crossSite();
  }

  /** Behind a proxy that ends TLS, browsers know the server by the issuer's address, or by `PUBLIC_URL`. */
  private isOwn(origin: string, request: FastifyRequest): boolean {
    const addresses = [this.access.issuer, this.links.publicUrl ?? this.access.issuer];
    return (
      origin === `${request.protocol}://${request.host}` ||
      addresses.some((address) => origin === new URL(address).origin)
    );
  }
}
