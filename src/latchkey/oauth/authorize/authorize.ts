import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SsoBrowser } from '../../auth/session/sso-browser.js';
import { Clock } from '../../platform/clock/clock.js';
import type { LiveSession } from '../../tokens/sessions/refresh/live-session.js';
import { oauthErrors } from '../oauth.errors.js';
import { AuthorizationParameters } from './authorization-parameters.js';
import { type AuthorizationErrorCode, AuthorizationRefusal } from './authorization-refusal.js';
import type { AuthorizationRequest, KnownPlace } from './authorization-request.js';
import { IssueCode } from './issue-code.js';
import { FindPlace } from './known-place.js';
import { Places } from './places.js';
import { PushedRequests } from './pushed/pushed-requests.js';
import { readRequest } from './read-request.js';
import { RedirectAnswer } from './redirect-answer.js';
import { SealedRequest, type WaitingRequest } from './sealed-request.js';
import { type Missing, WhatIsMissing } from './what-is-missing.js';

const OVER = 'This request is over. Go back to the application and begin again.';
/** What is missing, where nobody may be asked for it (OpenID Connect Core section 3.1.2.6). */
const UNASKED: Readonly<Record<Missing['what'], AuthorizationErrorCode>> = {
  assurance: 'login_required',
  choice: 'account_selection_required',
  consent: 'consent_required',
};

/** The authorization endpoint (RFC 6749 section 3.1): each request ends in a redirect. */
@Injectable()
export class Authorize {
  constructor(
    private readonly pushed: PushedRequests,
    private readonly findPlace: FindPlace,
    private readonly browser: SsoBrowser,
    private readonly missing: WhatIsMissing,
    private readonly issueCode: IssueCode,
    private readonly sealed: SealedRequest,
    private readonly places: Places,
    private readonly answer: RedirectAnswer,
    private readonly clock: Clock,
  ) {}

  /**
   * @param given the query or the form
   * @returns where the browser is to go
   * @throws LatchkeyError `oauth.invalid_request` when it is not known where an answer would go
   */
  async lead(request: FastifyRequest, given: URLSearchParams): Promise<string> {
    const waiting = this.waitingIn(given);
    const pushed = waiting === null ? await this.pushed.take(given) : null;
    const isPushed = pushed !== null || waiting?.isPushed === true;
    const parameters = new AuthorizationParameters(
      waiting === null ? (pushed ?? given) : new URLSearchParams([...waiting.parameters]),
    );
    const place = await this.findPlace.find(parameters, { isPushed });
    try {
      const asked = readRequest(place, parameters);
      const session = await this.browser.find(request);
      return await this.proceed(asked, session, parameters, place, waiting);
    } catch (error) {
      if (!(error instanceof AuthorizationRefusal)) throw error;
      return this.answer.refusal({ ...place, state: parameters.first('state') }, error);
    }
  }

  private waitingIn(given: URLSearchParams): WaitingRequest | null {
    const sealed = given.get('continue');
    if (sealed === null) return null;
    const waiting = this.sealed.open(sealed);
    if (waiting === null) throw oauthErrors.invalidRequest({ detail: OVER });
    return waiting;
  }

  private async proceed(
    asked: AuthorizationRequest,
    session: LiveSession | null,
    { entries: parameters }: AuthorizationParameters,
    place: KnownPlace,
    waiting: WaitingRequest | null,
  ): Promise<string> {
    const mayAsk = !asked.prompts.includes('none');
    const cameAt = waiting?.cameAt ?? Math.floor(this.clock.now() / 1000);
    const shownBefore = waiting === null ? (session?.authTime ?? null) : waiting.shownBefore;
    const came = { parameters, isPushed: place.isPushed, cameAt, shownBefore };
    if (session === null) {
      if (!mayAsk) throw new AuthorizationRefusal('login_required', 'Nobody is signed in.');
      const later = { ...came, sessionId: null, confirmed: false };
      return this.places.signIn(this.sealed.seal(later), asked.hints);
    }
    const missing = await this.missing.of(asked, session, waiting);
    if (missing === null) {
      return this.answer.code(asked, await this.issueCode.issue(asked, session));
    }
    if (!mayAsk) {
      throw new AuthorizationRefusal(UNASKED[missing.what], 'Somebody would have to be asked.');
    }
    const question = { ...came, sessionId: session.id, confirmed: false };
    return this.places.question(this.sealed.seal(question), asked.hints);
  }
}
