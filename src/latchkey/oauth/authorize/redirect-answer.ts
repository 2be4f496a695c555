import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import type { AuthorizationRefusal } from './authorization-refusal.js';

/** Where an answer goes. The URI has been found to be one of the client's. */
export interface AnswerPlace {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** Answers by redirect, each with `iss`, by which clients know whose it is (RFC 9207). */
@Injectable()
export class RedirectAnswer {
  constructor(private readonly access: AccessConfig) {}

  code(place: AnswerPlace, code: string): string {
    return this.to(place, { code });
  }

  refusal(place: AnswerPlace, { code: error, description }: AuthorizationRefusal): string {
    return this.to(place, { error, error_description: description });
  }

  private to({ redirectUri, state }: AnswerPlace, answer: Record<string, string>): string {
    const parameters = new URLSearchParams(answer);
    if (state !== undefined) parameters.set('state', state);
    parameters.set('iss', this.access.issuer);
    return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters}`;
  }
}
