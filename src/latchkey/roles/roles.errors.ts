import { defineErrors } from '../platform/errors/define-errors.js';

/**
 * Errors of changes of authority; `RequireAuthority` throws `escalation` as well, and
 * `access.assurance_insufficient` where a step-up would do.
 */
export const rolesErrors = defineErrors({
  notFound: {
    code: 'roles.not_found',
    status: 404,
    title: 'There is no such role.',
    remedy: 'Take a name from `GET /admin/roles`.',
  },
  nameTaken: {
    code: 'roles.name_taken',
    status: 409,
    title: 'A role with this name already exists.',
    remedy: 'Choose another name, or change the existing role.',
  },
  inUse: {
    code: 'roles.in_use',
    status: 409,
    title: 'The role is in use and cannot be changed this way.',
    remedy:
      'Remove the role from every user and client first; the roles that come with Latchkey cannot be deleted.',
  },
  lastAdmin: {
    code: 'roles.last_admin',
    status: 409,
    title: 'The last active admin cannot be demoted, disabled, deleted or locked out.',
    remedy:
      'Make somebody else an admin first; where the role admin demands a factor, one who has it.',
  },
  escalation: {
    code: 'roles.escalation',
    status: 403,
    title: 'You can only grant, revoke or act on what you hold yourself.',
    remedy:
      'Ask somebody who holds every role and permission concerned, before and after the change, or `*` (docs/authority.md).',
  },
  notForServices: {
    code: 'roles.not_for_services',
    status: 409,
    title: 'A service cannot hold a role that demands a second factor.',
    remedy:
      'Give the service a role of its own that demands nothing, or take the role from the service first.',
  },
  tooLarge: {
    code: 'roles.too_large',
    status: 409,
    title: 'The permissions of these roles would not fit into an access token.',
    remedy:
      'Give fewer roles, or replace permissions by wildcards such as `notes:*`: an access token has at most 4,096 bytes.',
  },
});
