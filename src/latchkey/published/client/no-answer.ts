import { LatchkeyClientError } from './latchkey-client-error.js';

/** What `fetch` rejects with, as an error of the client's own. */
export function noAnswer(cause: unknown): LatchkeyClientError {
  if (cause instanceof LatchkeyClientError) return cause;
  return new LatchkeyClientError('client.no_answer', 'The server did not answer.', { cause });
}
