import type { AddressStanding } from '../external-provider.js';

/** All that counts when somebody comes back from a provider. */
export interface LinkingFacts {
  /** Whether an account has the identity. */
  readonly identity: 'known' | 'unknown';
  /** Whether an account has the address that the provider names, and has proved it here. */
  readonly address: 'known' | 'unverified' | 'unknown' | 'none';
  readonly standing: AddressStanding;
  readonly registration: 'open' | 'closed';
  /** Whether nobody is told which addresses have an account: `EMAIL_VERIFICATION=required`. */
  readonly hidesAccounts: boolean;
}

export type LinkingDecision =
  | 'sign-in'
  /** A new account, whose address counts as proved. */
  | 'register-proved'
  /** A new account whose address has yet to be proved. */
  | 'register'
  /** Nothing is linked before the owner of the address has shown who they are. */
  | 'prove'
  /** The same for an account that is made for it, which nobody can tell from one that was there. */
  | 'register-and-prove'
  | 'closed'
  | 'no-address';

/**
 * What becomes of somebody whom a provider has named. An account is never linked by an address, whatever the
 * provider says of it: whoever could have that address said would have the account.
 */
export function decideLinking(facts: LinkingFacts): LinkingDecision {
  const { identity, address, standing, registration, hidesAccounts } = facts;
  if (identity === 'known') return 'sign-in';
  if (address === 'none') return registration === 'open' ? 'no-address' : 'closed';
  if (address !== 'unknown') return 'prove';
  const mayHide = hidesAccounts && standing !== 'proved';
  if (registration === 'closed') return mayHide ? 'prove' : 'closed';
  if (mayHide) return 'register-and-prove';
  return standing === 'proved' ? 'register-proved' : 'register';
}
