import '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpConfig } from '../http/http.config.js';

/**
 * The cookie that carries a browser's refresh token: out of reach of scripts, sent to this host
 * alone and only by pages of this site (RFC 6265bis section 4.1.3.2, the `__Host-` prefix).
 */
@Injectable()
export class RefreshCookie {
  readonly name: string;
  private readonly secure: boolean;

  constructor(config: HttpConfig) {
    this.secure = !config.cookieInsecure;
    this.name = this.secure ? '__Host-latchkey' : 'latchkey';
  }

  read(request: FastifyRequest): string | null {
    return request.cookies[this.name] ?? null;
  }

  write(reply: FastifyReply, refreshToken: string, maxAgeSeconds: number): void {
    reply.setCookie(this.name, refreshToken, { ...this.attributes, maxAge: maxAgeSeconds });
  }

  clear(reply: FastifyReply): void {
    reply.setCookie(this.name, '', { ...this.attributes, maxAge: 0, expires: new Date(0) });
  }

  private get attributes() {
    return { httpOnly: true, secure: this.secure, sameSite: 'strict', path: '/' } as const;
  }
}
