import { defineErrors } from '../errors/define-errors.js';

/**
 * Thrown by every limit; put `@Throws(throttleErrors.tooManyRequests)` on routes of your own that
 * have one.
 */
export const throttleErrors = defineErrors({
  tooManyRequests: {
    code: 'throttle.too_many_requests',
    status: 429,
    title: 'There have been too many attempts.',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
});
