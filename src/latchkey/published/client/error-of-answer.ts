import { LatchkeyClientError } from './latchkey-client-error.js';

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
  });
}

/** In seconds. A date, the header's other form, would need a clock that is right. */
function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : undefined;
}
