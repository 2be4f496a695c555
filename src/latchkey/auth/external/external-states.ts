import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { reaches } from '../../access/assurance.js';
import type { Principal } from '../../access/principal.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import {
  EXTERNAL_LINK,
  EXTERNAL_LINK_TICKET,
  EXTERNAL_SECONDS,
  EXTERNAL_SIGN_IN,
} from './external.purposes.js';
import { ExternalCookie, newNonce, StateCookies } from './external-cookies.js';

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
    const boundTo = this.cookie.mark(reply, EXTERNAL_SECONDS);
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

  /** Whether there is such a sign-in, where the browser does not show its cookie. */
  async isBegun(state: string): Promise<boolean> {
    const isSignIn = await this.secrets.isIssued(EXTERNAL_SIGN_IN, state);
    return isSignIn || this.secrets.isIssued(EXTERNAL_LINK, state);
  }
}

function secretsOf(state: string, browser: string): BegunSecrets {
  const derive = (use: string) =>
    createHmac('sha256', browser)
      .update(`latchkey/external/v1\0${use}\0${state}`)
      .digest('base64url');
  return { state, nonce: derive('nonce'), codeVerifier: derive('verifier') };
}
