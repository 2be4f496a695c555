/** What Latchkey records. The names are part of the contract: they are filtered by. */
export const LATCHKEY_AUDIT_ACTIONS = [
  'session.started',
  'session.granted',
  'session.ended',
  'session.stepped_up',
  'session.refresh_reused',
  'session.refresh_repeated',
  'session.refresh_recovered',
  'sessions.revoked',
  'sign_in.challenged',
  'sign_in.failed',
  'sign_in.throttled',
  'registration.failed',
  'user.registered',
  'user.invited',
  'user.invitation_accepted',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.email_verification_requested',
  'user.email_verified',
  'user.email_changed',
  'user.email_change_undone',
  'user.profile_changed',
  'user.roles_changed',
  'user.password_changed',
  'user.email_sign_in_requested',
  'user.recovery_requested',
  'user.recovery_started',
  'user.password_recovered',
  'factor.proof_requested',
  'factor.added',
  'factor.renamed',
  'factor.removed',
  'factors.reset',
  'recovery_codes.made',
  'recovery_code.used',
  'passkey.counter_went_back',
  'identity.added',
  'identity.removed',
  'identity.signed_in',
  'identity.proof_requested',
  'users.import_started',
  'users.imported',
  'role.created',
  'role.changed',
  'role.deleted',
  'key.created',
  'key.rotated',
  'key.revoked',
  'client.created',
  'client.registered',
  'client.changed',
  'client.secret_rotated',
  'client.deleted',
  'client.authenticated',
  'client.authentication_failed',
  'resource.created',
  'resource.changed',
  'resource.deleted',
  'device.allowed',
  'consent.given',
  'consent.withdrawn',
  'token.revoked',
  'token.forged',
  'access.refused',
  'request.cross_site',
  'admin.bootstrapped',
  'message.retried',
  'throttle.lifted',
] as const;

declare const DEFINED: unique symbol;
/** An action or a kind of target that a feature has defined. */
export type Defined = string & { readonly [DEFINED]: true };

export type AuditAction = (typeof LATCHKEY_AUDIT_ACTIONS)[number] | Defined;
/** Everything that is recorded: Latchkey's, and what features have defined by now. */
export const AUDIT_ACTIONS: AuditAction[] = [...LATCHKEY_AUDIT_ACTIONS];

export const AUDIT_OUTCOMES = ['success', 'failure'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

const LATCHKEY_TARGET_TYPES = [
  'user',
  'session',
  'role',
  'key',
  'client',
  'resource',
  'token',
  'message',
] as const;
export type AuditTargetType = (typeof LATCHKEY_TARGET_TYPES)[number] | Defined;
export const AUDIT_TARGET_TYPES: AuditTargetType[] = [...LATCHKEY_TARGET_TYPES];

/**
 * Declares actions of a feature's own, for `AuditTrail.record` to record, `@OnEvent` to hear, and
 * admins to filter by.
 *
 * @example `const noteActions = defineAuditActions({ written: 'note.written' });`
 * @throws Error when a name is not of the form `thing.happened`, or is defined already
 */
export function defineAuditActions<const Names extends Readonly<Record<string, string>>>(
  names: Names,
): { readonly [Name in keyof Names]: Defined } {
  return define(names, AUDIT_ACTIONS, /^[a-z][a-z_]*\.[a-z][a-z_]*$/);
}

/**
 * Declares kinds of things of a feature's own that its audit events are about.
 *
 * @example `const noteTargets = defineAuditTargets({ note: 'note' });`
 * @throws Error when a name is not a word, or is defined already
 */
export function defineAuditTargets<const Names extends Readonly<Record<string, string>>>(
  names: Names,
): { readonly [Name in keyof Names]: Defined } {
  return define(names, AUDIT_TARGET_TYPES, /^[a-z][a-z_]*$/);
}

function define<Names extends Readonly<Record<string, string>>>(
  names: Names,
  defined: string[],
  form: RegExp,
): { readonly [Name in keyof Names]: Defined } {
  for (const name of Object.values(names)) {
    if (!form.test(name)) throw new Error(`"${name}" is no name for the audit trail: see ${form}.`);
    if (defined.includes(name)) throw new Error(`"${name}" is defined already in the audit trail.`);
    defined.push(name);
  }
  return names as unknown as { readonly [Name in keyof Names]: Defined };
}
