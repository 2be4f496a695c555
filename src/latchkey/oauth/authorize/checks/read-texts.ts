import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';

const MAX_LENGTH = 1_000;
/** RFC 6749 appendix A.5, and what Postgres can store. */
const PRINTABLE = /^[ -~]*$/;

/** What comes back to the client as it was: `state` in the answer, `nonce` in the ID token. */
export function readTexts(parameters: AuthorizationParameters): {
  state: string | undefined;
  nonce: string | undefined;
} {
  const texts = { state: parameters.get('state'), nonce: parameters.get('nonce') };
  for (const [name, text = ''] of Object.entries(texts)) {
    if (text.length <= MAX_LENGTH && PRINTABLE.test(text)) continue;
    const rule = `${name} must be at most ${MAX_LENGTH} printable characters.`;
    throw new AuthorizationRefusal('invalid_request', rule);
  }
  return texts;
}
