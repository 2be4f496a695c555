import { Catch } from '@nestjs/common';
import type { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import type { AnsweredRequest, ErrorAnswer } from '../../platform/errors/problem.filter.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { type DeadEnd, deadEndPage } from './dead-end.js';

/** Of a request that may be sent nowhere. */
const FOR_PEOPLE = /^(?:oauth|throttle)\./;

/**
 * Who comes with a browser, and cannot be sent on, reads a page that says whose mistake it is and what to do. Programs
 * get what OAuth clients read.
 */
@Catch()
export class BrowserErrorFilter extends OAuthErrorFilter {
  protected override answerTo(
    thrown: LatchkeyError,
    requestId: string,
    request: AnsweredRequest,
  ): ErrorAnswer {
    const answer = super.answerTo(thrown, requestId, request);
    const { accept = '', 'accept-language': languages = '' } = request.headers;
    if (!accept.includes('text/html') || !FOR_PEOPLE.test(thrown.code)) return answer;
    const { title } = thrown.definition;
    const end: DeadEnd = { detail: thrown.detail ?? title, code: thrown.code, requestId };
    const language = /^\s*de\b/i.test(languages) ? 'de' : 'en';
    return { ...answer, type: 'text/html; charset=utf-8', body: deadEndPage(end, language) };
  }
}
