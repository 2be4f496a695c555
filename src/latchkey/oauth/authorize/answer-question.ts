import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accessErrors } from '../../access/access.errors.js';
import type { AssuranceLevel } from '../../access/assurance.js';
import { insufficientAssurance } from '../../access/insufficient-assurance.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { consentsErrors } from '../consents/consents.errors.js';
import { RememberConsent } from '../consents/remember-consent.js';
import { AuthorizationParameters } from './authorization-parameters.js';
import { AuthorizationRefusal } from './authorization-refusal.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { FindPlace } from './known-place.js';
import { Places } from './places.js';
import { readRequest } from './read-request.js';
import { RedirectAnswer } from './redirect-answer.js';
import { SealedRequest, type WaitingRequest } from './sealed-request.js';
import { type Missing, WhatIsMissing } from './what-is-missing.js';

/** What a person is asked. */
export interface Question {
  readonly what: 'choice' | 'consent';
  readonly request: AuthorizationRequest;
}

/** Where the browser goes on, which has nothing more to ask. */
export interface WayOn {
  readonly goOn: string;
}

const DENIED = new AuthorizationRefusal('access_denied', 'The user has said no.');
const UNMET = new AuthorizationRefusal(
  'unmet_authentication_requirements',
  'The account has no factor that would do.',
);

/**
 * What the page asks of whoever is signed in, and what is made of the answer. The caller shows an access token of
 * the very session that was asked: no other site can answer, and no other account.
 */
@Injectable()
export class AnswerQuestion {
  constructor(
    private readonly sealed: SealedRequest,
    private readonly findPlace: FindPlace,
    private readonly missing: WhatIsMissing,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly consents: RememberConsent,
    private readonly places: Places,
    private readonly redirect: RedirectAnswer,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws LatchkeyError `consents.request_over`; `auth.fresh_sign_in_required` where a factor has to be
   *   shown first
   */
  async ask(text: string, principal: Principal): Promise<Question | WayOn> {
    const { waiting, request } = await this.open(text, principal);
    const missing = await this.missingOf(request, principal, waiting);
    if (missing === null) return { goOn: this.places.goOn(text) };
    if (missing.what !== 'assurance') return { what: missing.what, request };
    return this.requireAssurance(missing, request, principal);
  }

  /** Yes. What has been granted is remembered. Throws like `ask`, also when something else has been asked. */
  async agree(
    { request: text, what }: { readonly request: string; readonly what?: Question['what'] },
    principal: Principal,
    actor: Actor,
  ): Promise<WayOn> {
    const asked = await this.ask(text, principal);
    if ('goOn' in asked) return asked;
    if (what === 'choice' && asked.what === 'consent') throw consentsErrors.requestOver();
    const { waiting, request } = await this.open(text, principal);
    if (asked.what === 'consent' && !request.client.firstParty) {
      const { userId } = principal;
      const isRemembered = await this.dataSource.transaction((manager) =>
        this.consents.remember(manager, { ...request, userId }, actor),
      );
      if (!isRemembered) throw consentsErrors.requestOver();
    }
    return { goOn: this.places.goOn(this.sealed.seal({ ...waiting, confirmed: true })) };
  }

  /** No: the client is told, and no more than that. */
  async deny(text: string, principal: Principal): Promise<WayOn> {
    const { request } = await this.open(text, principal);
    return { goOn: this.redirect.refusal(request, DENIED) };
  }

  private async open(
    text: string,
    { sessionId }: Principal,
  ): Promise<{ waiting: WaitingRequest; request: AuthorizationRequest }> {
    const waiting = this.sealed.open(text);
    if (waiting === null || waiting.sessionId !== sessionId) throw consentsErrors.requestOver();
    const parameters = new AuthorizationParameters(new URLSearchParams([...waiting.parameters]));
    try {
      const place = await this.findPlace.find(parameters, waiting);
      return { waiting, request: readRequest(place, parameters) };
    } catch (cause) {
      // It was right when it was sealed: the client has been changed since.
      throw consentsErrors.requestOver({ cause });
    }
  }

  private missingOf(
    request: AuthorizationRequest,
    { sessionId: id, userId, acr, authTime }: Principal,
    waiting: WaitingRequest,
  ): Promise<Missing | null> {
    const seenLiveAtMilliseconds = this.clock.now();
    return this.missing.of(request, { id, userId, acr, authTime, seenLiveAtMilliseconds }, waiting);
  }

  private async requireAssurance(
    { acr, maxAgeSeconds }: { acr?: AssuranceLevel; maxAgeSeconds?: number },
    request: AuthorizationRequest,
    { userId }: Principal,
  ): Promise<WayOn> {
    const level = acr === 'aal1' ? undefined : acr;
    const { manager } = this.dataSource;
    const canReach =
      level === undefined || (await this.secondFactors.usableBy(manager, userId)).length > 0;
    if (!canReach) return { goOn: this.redirect.refusal(request, UNMET) };
    throw insufficientAssurance(accessErrors.freshSignInRequired, {
      ...(level !== undefined && { acr: level }),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    });
  }
}
