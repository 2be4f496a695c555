import { LatchkeyError } from '../errors/latchkey-error.js';
import type { CountedAttempt } from './counted-attempt.js';

const UNAUTHENTICATED = 401;

/** Whether an attempt failed for what was presented, and not for what the server could not do. */
function isFailedAttempt(error: unknown): boolean {
  return error instanceof LatchkeyError && error.definition.status === UNAUTHENTICATED;
}

/**
 * Does what has been counted. It stays counted only if it fails for what was presented; whatever
 * else goes wrong (`auth.busy`, no database, a body that is refused) is nobody's failure.
 */
export async function judgeAttempt<T>(
  attempts: readonly CountedAttempt[],
  work: () => Promise<T>,
  onFailure: () => Promise<void> = async () => undefined,
): Promise<T> {
  const result = await work().catch(async (error: unknown) => {
    if (isFailedAttempt(error)) await onFailure();
    else await Promise.all(attempts.map((attempt) => attempt.withdraw()));
    throw error;
  });
  await Promise.all(attempts.map((attempt) => attempt.succeed()));
  return result;
}
