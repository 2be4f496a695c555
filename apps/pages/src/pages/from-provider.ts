import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { takenError } from '../taken-token.js';
import { showIdentityProof } from './link-identity.js';
import { asksForSecondFactor } from './second-factor.js';

/** What a provider's callback says, as the error that a call would have thrown. */
export function errorFromProvider(): LatchkeyClientError | null {
  const code = takenError?.get('error');
  if (!takenError || !code) return null;
  const challenge = takenError.get('challenge');
  return new LatchkeyClientError(code, code, {
    ...(challenge !== null && {
      challenge: {
        challenge,
        methods: methodsIn(takenError),
        expiresIn: Number(takenError.get('expiresIn')),
      },
    }),
  });
}

/**
 * Goes on to what the callback still asks for.
 *
 * @returns false: the error is about something else
 */
export function asksForMore(error: LatchkeyClientError, signInOtherwise: () => unknown): boolean {
  const ticket = takenError?.get('ticket');
  if (takenError && ticket && error.code === 'auth.external_proof_required') {
    showIdentityProof(ticket, methodsIn(takenError).includes('mail'), signInOtherwise);
    return true;
  }
  return asksForSecondFactor(error);
}

function methodsIn(said: URLSearchParams): string[] {
  return (said.get('methods') ?? '').split(',');
}
