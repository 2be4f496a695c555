import { describe, expect, it } from 'vitest';
import { requestValidation } from '../../../../src/latchkey/platform/http/validation/request-validation.js';

describe('what a decorator of a team’s own hands to a handler', () => {
  it('is passed on as it is, whatever it names and though it leads back to itself', async () => {
    const made: Record<string, unknown> = { toString: 'a name that every object has' };
    made.itself = made;
    await expect(requestValidation().transform(made, { type: 'custom' })).resolves.toBe(made);
  });
});
