import { errors as joseErrors } from 'jose';
import { ProviderUnreachable } from './guarded-fetch.js';

/** Whether the provider could not be asked, rather than answering what cannot be believed. */
export function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ProviderUnreachable) return true;
  return error instanceof joseErrors.JWKSTimeout;
}

/** One line: what a provider writes must not look like a record of its own. */
export function reasonsOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { error: code } = cause as { error?: unknown };
    reasons.push(typeof code === 'string' ? `${cause.message} (${code})` : cause.message);
  }
  return JSON.stringify(reasons.join(' ').slice(0, 500));
}
