import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { words } from './words.js';

/** What went wrong, in words for people. One that is not known is told as the server tells it. */
export function problemOf(error: unknown): string {
  if (!(error instanceof LatchkeyClientError)) return words.problems.unknown;
  if (error.code === 'throttle.too_many_requests')
    return words.problems.tooMany(minutesOf(error.retryAfterSeconds));
  return words.problems.byCode[error.code] ?? `${error.message} (${error.code})`;
}

function minutesOf(seconds = 60): number {
  return Math.max(1, Math.ceil(seconds / 60));
}

/** What the server says of a field, as the page says it. */
export function fieldProblem(field: string, message: string): string {
  for (const [pattern, say] of words.problems.byMessage) {
    const found = pattern.exec(message);
    if (found) return say(found[1] ?? '');
  }
  // A rule of the team's own: "newPassword must not name a planet".
  return message.startsWith(`${field} `)
    ? words.problems.rule(message.slice(field.length + 1))
    : message;
}
