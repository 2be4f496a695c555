import { defineErrors } from '../../platform/errors/define-errors.js';

/** One answer for all that is wrong with a proof, so that it tells nothing about an account. */
export const oneTimeErrors = defineErrors({
  proofInvalid: {
    code: 'auth.proof_invalid',
    status: 401,
    title: 'The link or code is wrong, has been used, or is too old.',
    remedy:
      'Ask for another one. Each works once, for a limited time, and until what it was sent for changes; a code bears five wrong tries.',
    challenge: 'Bearer',
  },
});
