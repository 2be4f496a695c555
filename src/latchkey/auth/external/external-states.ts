import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { reaches } from '../../access/assurance.js';
import type { Principal } from '../../access/principal.js';
import { HostCookie } from '../../platform/http/host-cookie.js';
import { HttpConfig } from '../../platform/http/http.config.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import {
  defineOneTimePurpose,
  type OneTimePurpose,
} from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import type { NewIdentity } from '../../users/identities/identity-store.js';
import { externalErrors } from './external.errors.js';

const SECONDS = 600;

/** The `state` of a sign-in. Several at once: each tab has its own. */
export const EXTERNAL_SIGN_IN = defineOneTimePurpose({
  name: 'external-sign-in',
  lifetimeSeconds: SECONDS,
  diesWith: [],
  severalAtOnce: true,
});

/** The `state` where somebody who is signed in adds an identity. */
export const EXTERNAL_LINK = defineOneTimePurpose({
  name: 'external-link',
  lifetimeSeconds: SECONDS,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/** What a page takes to the start, where a browser shows no access token. */
export const EXTERNAL_LINK_TICKET = defineOneTimePurpose({
  name: 'external-link-ticket',
  lifetimeSeconds: 120,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/**
 * The ID token that an app shows, which the provider has issued. Remembered for longer than any is good
 * (`verifyIdToken`).
 */
export const EXTERNAL_TOKEN = defineOneTimePurpose({
  name: 'external-token',
  lifetimeSeconds: 900,
  diesWith: [],
  severalAtOnce: true,
});

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
    this.of(state).write(reply, nonce, SECONDS);
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

/** What is computed from the state and the browser's cookie, and stored nowhere. */
export interface BegunSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** A sign-in that has come back to the browser in which it was begun. */
export interface BegunSignIn extends BegunSecrets {
  readonly returnTo: string;
  /** Of one that adds an identity: it has yet to be consumed. */
  readonly link: ShownSecret | null;
}

/** What ties the start of a sign-in to its end: one-time secrets that are good in one browser. */
@Injectable()
export class ExternalStates {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: OneTimeSecrets,
    private readonly cookie: ExternalCookie,
    private readonly stateCookies: StateCookies,
  ) {}

  /** @param ticket of somebody who is signed in and adds an identity; it is consumed */
  async begin(
    reply: FastifyReply,
    details: { readonly provider: string; readonly returnTo: string },
    ticket?: string,
  ): Promise<BegunSecrets> {
    const known = this.cookie.nonceOf(reply.request) ?? undefined;
    const shown =
      ticket === undefined
        ? null
        : await this.secrets.check(EXTERNAL_LINK_TICKET, { token: ticket }, known);
    const boundTo = newNonce();
    const { token } = await this.dataSource.transaction(async (manager) => {
      if (shown === null)
        return this.secrets.issueToken(manager, EXTERNAL_SIGN_IN, {
          subject: null,
          boundTo,
          details,
        });
      await this.secrets.consume(manager, shown);
      const { userId, sessionId } = shown;
      const { mayRaise } = shown.details;
      if (userId === null || sessionId === null) throw oneTimeErrors.proofInvalid();
      const subject = { userId };
      const request = { subject, sessionId, boundTo, details: { ...details, mayRaise } };
      return this.secrets.issueToken(manager, EXTERNAL_LINK, request);
    });
    this.stateCookies.write(reply, token, boundTo);
    return secretsOf(token, boundTo);
  }

  /** A ticket by which the start knows that somebody is signed in, in this browser alone. */
  async issueTicket(
    reply: FastifyReply,
    { userId, sessionId, acr }: Principal,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const boundTo = this.cookie.mark(reply, SECONDS);
    return this.dataSource.transaction((manager) =>
      this.secrets.issueToken(manager, EXTERNAL_LINK_TICKET, {
        subject: { userId },
        sessionId,
        boundTo,
        details: { mayRaise: reaches(acr, 'aal2') },
      }),
    );
  }

  /**
   * What the state was issued for. That of a sign-in is consumed before the provider is asked: of any number
   * of callbacks at once one goes on.
   *
   * @returns null when it is of another browser or provider, has been used, or is too old
   */
  async redeem(reply: FastifyReply, provider: string, state: string): Promise<BegunSignIn | null> {
    const nonce = this.stateCookies.take(reply, state);
    if (nonce === null) return null;
    try {
      const signIn = await this.secrets.isIssued(EXTERNAL_SIGN_IN, state);
      const purpose: OneTimePurpose = signIn ? EXTERNAL_SIGN_IN : EXTERNAL_LINK;
      const shown = await this.secrets.check(purpose, { token: state }, nonce);
      if (shown.details.provider !== provider) return null;
      if (signIn)
        await this.dataSource.transaction((manager) => this.secrets.consume(manager, shown));
      const returnTo = String(shown.details.returnTo);
      return { ...secretsOf(state, nonce), returnTo, link: signIn ? null : shown };
    } catch (error) {
      if (oneTimeErrors.proofInvalid.is(error)) return null;
      throw error;
    }
  }

  /** Consumes the state of one that adds an identity, in the transaction that does it. */
  consume(manager: EntityManager, link: ShownSecret): Promise<void> {
    return this.secrets.consume(manager, link);
  }

  /**
   * Uses up the ID token of an app: by its nonce, since a signature can be written in more than one way.
   *
   * @throws LatchkeyError `auth.external_refused` when it has been used
   */
  async spendToken(
    manager: EntityManager,
    { issuer, subject }: Pick<NewIdentity, 'issuer' | 'subject'>,
    nonce: string,
  ): Promise<void> {
    const isFirst = await this.secrets.spend(manager, EXTERNAL_TOKEN, [issuer, subject, nonce]);
    if (!isFirst) throw externalErrors.refused();
  }

  /** Whether there is such a sign-in, where the browser does not show its cookie. */
  async isBegun(state: string): Promise<boolean> {
    const isSignIn = await this.secrets.isIssued(EXTERNAL_SIGN_IN, state);
    return isSignIn || this.secrets.isIssued(EXTERNAL_LINK, state);
  }
}

function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}

function secretsOf(state: string, browser: string): BegunSecrets {
  const derive = (use: string) =>
    createHmac('sha256', browser)
      .update(`latchkey/external/v1\0${use}\0${state}`)
      .digest('base64url');
  return { state, nonce: derive('nonce'), codeVerifier: derive('verifier') };
}
