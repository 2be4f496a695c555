import { LatchkeyClientError } from './latchkey-client-error.js';

const PAUSES_MILLISECONDS = [300, 900, 2_700];
const LONGEST_RETRY_AFTER_SECONDS = 10;

/**
 * Tries again what failed for a reason that passes: no answer, 429, 5xx, or an answer that is none
 * of Latchkey's. Four times at most, with pauses that differ from client to client, none shorter
 * than the server's Retry-After.
 *
 * @throws the last error; at once when it does not pass or the server asks for more than 10 s
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MILLISECONDS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LatchkeyClientError && passes(error))) throw error;
      const { retryAfterSeconds = 0 } = error;
      if (retryAfterSeconds > LONGEST_RETRY_AFTER_SECONDS) throw error;
      await sleep(retryAfterSeconds * 1_000 + pause * (0.5 + Math.random()));
    }
  }
  return work();
}

function passes({ status }: LatchkeyClientError): boolean {
  return status < 400 || status === 429 || status >= 500;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
