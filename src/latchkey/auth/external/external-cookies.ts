import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { EXTERNAL_SECONDS } from './external.purposes.js';

const NAME_LENGTH = 12;
/** As long as a browser takes to come once more. */
const ASIDE_SECONDS = 60;
const MAX_ASIDE_LENGTH = 1_000;
const NONCE_BYTES = 32;
const NONCE = /^[A-Za-z0-9_-]{43}$/;

/** Knows the browser of a ticket or of a proof that is under way. */
@Injectable()
export class ExternalCookie extends HostCookie {
  constructor(config: HttpConfig) {
    super(config, '-external', { lax: true });
  }

  /** What the browser keeps; null: nothing that was ever given out. */
  nonceOf(request: FastifyRequest): string | null {
    const nonce = this.read(request);
    return nonce !== null && NONCE.test(nonce) ? nonce : null;
  }

  /** The same for all tabs of a browser, and for as long again. */
  mark(reply: FastifyReply, seconds: number): string {
    const nonce = this.nonceOf(reply.request) ?? newNonce();
    this.write(reply, nonce, seconds);
    return nonce;
  }
}

/**
 * Ties a sign-in to the browser that has begun it. Each has a cookie of its own: of two tabs that begin at once
 * neither takes the other's place. It comes along when a provider sends the browser back.
 */
@Injectable()
export class StateCookies {
  constructor(private readonly config: HttpConfig) {}

  write(reply: FastifyReply, state: string, nonce: string): void {
    this.of(state).write(reply, nonce, EXTERNAL_SECONDS);
  }

  /** Null: there is none that was ever given out. */
  take(reply: FastifyReply, state: string): string | null {
    const cookie = this.of(state);
    const nonce = cookie.read(reply.request);
    if (nonce === null) return null;
    cookie.clear(reply);
    return NONCE.test(nonce) ? nonce : null;
  }

  /** Keeps what a provider says of a person until the browser comes once more: it belongs into no address. */
  keepAside(reply: FastifyReply, state: string, text: string): void {
    if (text.length > MAX_ASIDE_LENGTH) return;
    this.of(state, '-aside').write(reply, Buffer.from(text).toString('base64url'), ASIDE_SECONDS);
  }

  takeAside(reply: FastifyReply, state: string): string | null {
    const cookie = this.of(state, '-aside');
    const text = cookie.read(reply.request);
    if (text === null) return null;
    cookie.clear(reply);
    return Buffer.from(text, 'base64url').toString();
  }

  private of(state: string, use = ''): HostCookie {
    const name = createHash('sha256').update(state).digest('hex').slice(0, NAME_LENGTH);
    return new HostCookie(this.config, `-external-${name}${use}`, { lax: true });
  }
}

/** What a browser keeps in such a cookie. */
export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}
