/** Everything that is recorded. The names are part of the contract: they are filtered by. */
export const AUDIT_ACTIONS = [
  'session.started',
  'session.ended',
  'session.refresh_reused',
  'session.refresh_repeated',
  'session.refresh_recovered',
  'sessions.revoked',
  'sign_in.failed',
  'sign_in.throttled',
  'registration.failed',
  'user.registered',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'user.email_verified',
  'user.profile_changed',
  'user.roles_changed',
  'user.password_changed',
  'users.import_started',
  'users.imported',
  'role.created',
  'role.changed',
  'role.deleted',
  'key.created',
  'key.rotated',
  'key.revoked',
  'client.created',
  'client.changed',
  'client.secret_rotated',
  'client.deleted',
  'client.authenticated',
  'client.authentication_failed',
  'token.revoked',
  'token.forged',
  'access.refused',
  'request.cross_site',
  'admin.bootstrapped',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_OUTCOMES = ['success', 'failure'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const AUDIT_TARGET_TYPES = ['user', 'session', 'role', 'key', 'client', 'token'] as const;
export type AuditTargetType = (typeof AUDIT_TARGET_TYPES)[number];
