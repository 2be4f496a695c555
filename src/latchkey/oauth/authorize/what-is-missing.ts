import { Injectable } from '@nestjs/common';
import { type AssuranceLevel, reaches } from '../../access/assurance.js';
import { CLOCK_LEEWAY_SECONDS } from '../../access/verification/access-token-limits.js';
import type { LiveSession } from '../../tokens/sessions/refresh/live-session.js';
import { isUnregistered } from '../clients/unregistered.js';
import { ConsentStore } from '../consents/consent-store.js';
import type { AuthorizationRequest } from './authorization-request.js';
import type { WaitingRequest } from './sealed-request.js';

/** Who is signed in, as a session or an access token says. */
export type SignedIn = Pick<LiveSession, 'id' | 'userId' | 'acr' | 'authTime'> & {
  readonly seenLiveAtMilliseconds: number;
};

/**
 * What a person has to do before a client gets an answer.
 * - `assurance`: show a factor again, or another one.
 * - `choice`: say that it is this account.
 * - `consent`: say that the client may.
 */
export type Missing =
  | { readonly what: 'assurance'; readonly acr?: AssuranceLevel; readonly maxAgeSeconds?: number }
  | { readonly what: 'choice' | 'consent' };

/** Judges, of a request that is right in itself, what is missing from whoever is signed in. */
@Injectable()
export class WhatIsMissing {
  constructor(private readonly consents: ConsentStore) {}

  /** The first thing that is missing; null: nothing. */
  async of(
    request: AuthorizationRequest,
    session: SignedIn,
    waiting: WaitingRequest | null,
  ): Promise<Missing | null> {
    const isAnswered = waiting?.confirmed === true && waiting.sessionId === session.id;
    return (
      missingAssurance(request, session, waiting) ??
      (isAnswered ? null : await this.unanswered(request, session))
    );
  }

  private async unanswered(
    { client, scope, prompts, redirectUri }: AuthorizationRequest,
    { userId }: SignedIn,
  ): Promise<Missing | null> {
    if (prompts.includes('consent')) return { what: 'consent' };
    const choice: Missing | null = prompts.includes('select_account') ? { what: 'choice' } : null;
    if (client.firstParty) return choice;
    // Whoever has registered nowhere can be anybody, and is asked for each time.
    if (isUnregistered(client)) return { what: 'consent' };
    // Any program can be what listens there: nobody but the person can tell (RFC 8252 section 8.6).
    if (!redirectUri.startsWith('https://')) return { what: 'consent' };
    const granted = await this.consents.findScopes(userId, client.id);
    // Consent comes first: whoever says it chooses the account as well, and not the other way round.
    return scope.every((name) => granted.includes(name)) ? choice : { what: 'consent' };
  }
}

function missingAssurance(
  { prompts, maxAgeSeconds, acr }: AuthorizationRequest,
  session: SignedIn,
  waiting: WaitingRequest | null,
): Missing | null {
  const level = acr !== undefined && !reaches(session.acr, acr) ? acr : undefined;
  const shownForThis = waiting !== null && isShownFor(waiting, session);
  const ageSeconds = session.seenLiveAtMilliseconds / 1000 - session.authTime;
  const isOld = maxAgeSeconds !== undefined && ageSeconds > maxAgeSeconds;
  const isAskedAgain = (prompts.includes('login') || isOld) && !shownForThis;
  if (level === undefined && !isAskedAgain) return null;
  return {
    what: 'assurance',
    ...(level !== undefined && { acr: level }),
    ...(isAskedAgain && { maxAgeSeconds: secondsSince(waiting, session) }),
  };
}

/** Whether a factor has been shown since the request came. Where nobody was signed in, by two clocks. */
function isShownFor({ shownBefore, cameAt }: WaitingRequest, { authTime }: SignedIn): boolean {
  return shownBefore === null ? authTime >= cameAt - CLOCK_LEEWAY_SECONDS : authTime > shownBefore;
}

/** How old what is shown may be, to have been shown for this request. */
function secondsSince(
  waiting: WaitingRequest | null,
  { seenLiveAtMilliseconds }: SignedIn,
): number {
  const cameAt = waiting?.cameAt ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(seenLiveAtMilliseconds / 1000 - cameAt));
}
