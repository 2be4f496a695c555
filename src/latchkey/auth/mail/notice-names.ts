/**
 * What an owner is told of by mail once it has happened (NIST SP 800-63B-4 section 4.6). All but those of
 * `UNLINKED_NOTICES` hold a link that ends every session of the account.
 */
export const NOTICE_NAMES = [
  'password-changed',
  'email-changed',
  'email-restored',
  'new-device',
  'account-deleted',
  'factor-added',
  'factor-removed',
  'factors-reset',
  'passkey-added',
  'passkey-removed',
  'identity-added',
  'identity-removed',
  'recovery-codes-made',
  'recovery-code-used',
] as const;
export type NoticeName = (typeof NOTICE_NAMES)[number];

/** They go to a mailbox that has no say in the account any more, or there is no account any more. */
export const UNLINKED_NOTICES: ReadonlySet<NoticeName> = new Set([
  'email-restored',
  'account-deleted',
]);
