import { LatchkeyClientError } from './latchkey-client-error.js';
import { demandOf } from './step-up.js';

/** The object that an answer holds; null when it holds none. */
export async function jsonOf(response: Response): Promise<Record<string, unknown> | null> {
  const body: unknown = await response.json().catch(() => null);
  return body instanceof Object ? (body as Record<string, unknown>) : null;
}

/**
 * What an answer holds; null for 204, which alone has none.
 *
 * @throws LatchkeyClientError as the server says, or `client.unexpected_answer`
 */
export async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text().catch((cause) => {
    throw noAnswer(cause);
  });
  const answer = response.status === 204 ? null : parsed(text);
  if (!response.ok || answer === undefined) throw errorOfAnswer(response, answer);
  return answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `fetch` rejects with, as an error of the client's own. */
export function noAnswer(cause: unknown): LatchkeyClientError {
  if (cause instanceof LatchkeyClientError) return cause;
  return new LatchkeyClientError('client.no_answer', 'The server did not answer.', { cause });
}

/** The error that an answer is, by its problem details (RFC 9457). */
export function errorOfAnswer(response: Response, body: unknown): LatchkeyClientError {
  const problem = (body ?? {}) as Record<string, unknown>;
  const { status } = response;
  if (response.ok || typeof problem.code !== 'string') {
    return new LatchkeyClientError(
      'client.unexpected_answer',
      `The answer (status ${status}) is none of Latchkey’s.`,
      { status, retryAfterSeconds: retryAfterOf(response) },
    );
  }
  return new LatchkeyClientError(problem.code, String(problem.detail ?? problem.title), {
    status,
    retryAfterSeconds: retryAfterOf(response),
    requestId: problem.requestId as string | undefined,
    fields: problem.errors as LatchkeyClientError['fields'],
    challenge: ('challenge' in problem ? problem : undefined) as LatchkeyClientError['challenge'],
    demand: demandOf(problem) ?? undefined,
  });
}

/** In seconds. A date, the header's other form, would need a clock that is right. */
function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : undefined;
}

/** Refusals that another access token may answer, or that the server is to say more about. */
const REFUSED_TOKEN = /^access\.token_(expired|invalid|revoked|stale)$/;

/** @param code of an answer */
export function refusesToken(code: unknown): boolean {
  return REFUSED_TOKEN.test(String(code));
}

/** The server's word, and the only one, that a session is over. */
const SESSION_IS_OVER = /^auth\.(refresh_invalid|refresh_reused|session_expired|session_revoked)$/;
const TOKEN_IS_REFUSED = /^access\./;

export function isOver(error: unknown): boolean {
  return error instanceof LatchkeyClientError && SESSION_IS_OVER.test(error.code);
}

/** What signing out twice is answered. */
export function namesNoSession(error: LatchkeyClientError): boolean {
  return isOver(error) || (error.status === 401 && TOKEN_IS_REFUSED.test(error.code));
}
