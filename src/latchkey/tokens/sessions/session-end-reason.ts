/** Why Latchkey ends sessions. `expired` is written only when something else would have ended it. */
export const LATCHKEY_END_REASONS = [
  'logout',
  'logout_all',
  'admin',
  'user_disabled',
  'user_deleted',
  'password_changed',
  'email_verified',
  'refresh_reused',
  'expired',
  'session_limit',
  'database_restored',
  'client_disabled',
  'consent_withdrawn',
  'code_replayed',
] as const;

declare const DEFINED: unique symbol;
/** A reason that a feature has defined. */
export type DefinedEndReason = string & { readonly [DEFINED]: true };

export type SessionEndReason = (typeof LATCHKEY_END_REASONS)[number] | DefinedEndReason;

/** As the database checks it: instances with other features may have written it. */
export const END_REASON_FORM = '^[a-z][a-z0-9_]{0,62}$';

const defined = new Set<string>(LATCHKEY_END_REASONS);

/**
 * Declares reasons of a feature's own for ending sessions, for `SessionEnder` to write and admins to
 * read as `endReason`.
 *
 * @example
 * ```ts
 * export const tenantEndings = defineSessionEndReasons({ left: 'tenant_left' });
 * await this.ender.endAllOfUser(transaction, userId, { reason: tenantEndings.left, actor });
 * ```
 * @throws Error when a name is not of the form `thing_happened` (63 characters at most), or is
 *   defined already
 */
export function defineSessionEndReasons<const Names extends Readonly<Record<string, string>>>(
  names: Names,
): { readonly [Name in keyof Names]: DefinedEndReason } {
  for (const name of Object.values(names)) {
    if (!new RegExp(END_REASON_FORM).test(name)) {
      throw new Error(`"${name}" is no reason for ending a session: see ${END_REASON_FORM}.`);
    }
    if (defined.has(name)) throw new Error(`"${name}" is a reason for ending sessions already.`);
    defined.add(name);
  }
  return names as unknown as { readonly [Name in keyof Names]: DefinedEndReason };
}
