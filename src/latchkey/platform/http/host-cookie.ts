import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpConfig } from './http.config.js';

/**
 * A cookie that is out of reach of scripts, sent to this host alone, and only by pages of this site
 * unless `COOKIE_SAME_SITE` says otherwise (RFC 6265bis section 4.1.3.2, the `__Host-` prefix, which
 * `COOKIE_INSECURE` drops).
 */
export class HostCookie {
  readonly name: string;
  private readonly secure: boolean;
  private readonly sameSite: HttpConfig['cookieSameSite'];

  /**
   * @param suffix what follows `COOKIE_NAME`
   * @param lax whether it goes along when somebody comes back from another site, too
   */
  constructor(
    { cookieInsecure, cookieName, cookieSameSite }: HttpConfig,
    suffix = '',
    { lax = false }: { readonly lax?: boolean } = {},
  ) {
    this.secure = !cookieInsecure;
    this.name = `${this.secure ? '__Host-' : ''}${cookieName}${suffix}`;
    this.sameSite = lax && cookieSameSite === 'strict' ? 'lax' : cookieSameSite;
  }

  read(request: FastifyRequest): string | null {
    return request.cookies[this.name] ?? null;
  }

  write(reply: FastifyReply, value: string, maxAgeSeconds: number): void {
    reply.setCookie(this.name, value, { ...this.attributes, maxAge: maxAgeSeconds });
  }

  clear(reply: FastifyReply): void {
    reply.setCookie(this.name, '', { ...this.attributes, maxAge: 0, expires: new Date(0) });
  }

  private get attributes() {
    const { secure, sameSite } = this;
    return { httpOnly: true, secure, sameSite, path: '/' } as const;
  }
}
