import { Catch } from '@nestjs/common';
import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import {
  type AnsweredRequest,
  type ErrorAnswer,
  ProblemFilter,
} from '../platform/errors/problem.filter.js';
import { challengeFor } from '../platform/errors/problem.js';
import { tokensErrors } from '../tokens/sessions/tokens.errors.js';

const UNAUTHENTICATED = 401;
const OAUTH = /^oauth\.(\w+)$/;
const REFUSED_REFRESHES: readonly string[] = Object.values(tokensErrors).map(
  ({ definition }) => definition.code,
);

/**
 * Gives errors the form that OAuth clients read (RFC 6749 section 5.2), with Latchkey's own `code`
 * beside it.
 */
@Catch()
export class OAuthErrorFilter extends ProblemFilter {
  protected override answerTo(
    thrown: LatchkeyError,
    requestId: string,
    _request: AnsweredRequest,
  ): ErrorAnswer {
    const { status, error } = nameOf(thrown);
    const said = thrown.fields?.map(({ message }) => message).join('; ');
    const body = {
      error,
      error_description: said ?? thrown.detail ?? thrown.definition.title,
      code: thrown.code,
      requestId,
    };
    const challenge = status === UNAUTHENTICATED ? challengeFor(thrown) : undefined;
    return { status, type: 'application/json; charset=utf-8', body, challenge };
  }
}

function nameOf({ code, definition }: LatchkeyError): { status: number; error: string } {
  const [, own] = OAUTH.exec(code) ?? [];
  if (own !== undefined) return { status: definition.status, error: own };
  if (REFUSED_REFRESHES.includes(code)) return { status: 400, error: 'invalid_grant' };
  const error = definition.status === 500 ? 'server_error' : 'temporarily_unavailable';
  return { status: definition.status, error };
}
