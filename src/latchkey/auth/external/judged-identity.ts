import { readPlainAddress } from '../../platform/http/validation/email-address.js';
import { plainText } from '../../platform/http/validation/plain-text.js';
import { MAX_NAME_LENGTH } from '../../users/accounts/users.dto.js';
import type { NewIdentity } from '../../users/identities/identity-store.js';
import type { KeptTokens } from '../../users/identities/identity-token-cipher.js';
import { externalErrors } from './external.errors.js';
import type { AddressStanding, ExternalIdentity } from './external-provider.js';

/** OpenID Connect Core section 2 allows a subject 255 characters. */
const MAX_LENGTH = 255;
const FIT = /^[\x21-\x7e]+$/;

/** Who a provider says that somebody is, in a form that can be kept. */
export interface JudgedIdentity extends NewIdentity {
  readonly standing: AddressStanding;
  readonly name: string | null;
  readonly twoFactors: boolean;
  /** In seconds since the epoch; undefined: now. */
  readonly signedInAt?: number;
  /** To be kept with the identity; absent: nothing is. */
  readonly tokens?: KeptTokens;
}

/**
 * Holds what any provider says, a team's own included, to the same form. An address that is not plain
 * counts as none.
 *
 * @throws LatchkeyError `auth.external_refused` without an issuer and a subject that can be told from others
 */
export function judgeIdentity(provider: string, said: ExternalIdentity): JudgedIdentity {
  const { issuer, subject, email, name = null, twoFactors = false, signedInAt } = said;
  for (const text of [issuer, subject])
    if (typeof text !== 'string' || text.length > MAX_LENGTH || !FIT.test(text))
      throw externalErrors.refused();
  return {
    provider,
    issuer,
    subject,
    email: (email && readPlainAddress(email.address)?.text) ?? null,
    standing: email?.standing ?? 'claimed',
    name: nameOf(name),
    twoFactors: twoFactors === true,
    ...(isTime(signedInAt) && { signedInAt }),
  };
}

function isTime(said: unknown): said is number {
  return Number.isSafeInteger(said) && Number(said) >= 0;
}

function nameOf(name: string | null): string | null {
  if (name === null) return null;
  const line = plainText(name, MAX_NAME_LENGTH).trim();
  return line === '' ? null : line;
}
