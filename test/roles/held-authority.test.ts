import { describe, expect, it } from '@jest/globals';
import { requireHeldPermissions, requireHeldRoles } from '../../src/roles/held-authority.js';

const escalation = expect.objectContaining({ code: 'roles.escalation' });

describe('nobody gives permissions that they do not hold', () => {
  it.each([
    { held: ['*'], wanted: ['notes:read', 'notes:*', '*'], allowed: true },
    { held: ['notes:*'], wanted: ['notes:read', 'notes:*'], allowed: true },
    { held: ['notes:read'], wanted: ['notes:read'], allowed: true },
    { held: ['notes:read'], wanted: [], allowed: true },
    { held: [], wanted: [], allowed: true },
    { held: [], wanted: ['notes:read'], allowed: false },
    { held: ['notes:read'], wanted: ['notes:*'], allowed: false },
    { held: ['notes:read'], wanted: ['notes:read', 'notes:write'], allowed: false },
    { held: ['notes:*'], wanted: ['notes-secret:read'], allowed: false },
    { held: ['notes:*', 'users:*'], wanted: ['*'], allowed: false },
  ])('$held giving $wanted: $allowed', ({ held, wanted, allowed }) => {
    const give = () => requireHeldPermissions({ roles: [], permissions: held }, wanted);
    if (allowed) expect(give).not.toThrow();
    else expect(give).toThrow(escalation);
  });
});

describe('nobody gives roles that they do not hold', () => {
  const admin = { name: 'admin', permissions: ['*'] };
  const user = { name: 'user', permissions: [] };
  const reader = { name: 'reader', permissions: ['notes:read'] };
  const bare = { name: 'moderator', permissions: [] };

  it.each([
    {
      caller: 'an admin',
      roles: ['admin'],
      held: ['*'],
      given: [admin, user, reader, bare],
      allowed: true,
    },
    {
      caller: 'somebody who has the role',
      roles: ['reader'],
      held: ['notes:read'],
      given: [reader],
      allowed: true,
    },
    {
      caller: 'somebody who holds all it permits',
      roles: ['editor'],
      held: ['notes:*'],
      given: [reader],
      allowed: true,
    },
    {
      caller: 'anybody, the role of every account',
      roles: [],
      held: [],
      given: [user],
      allowed: true,
    },
    {
      caller: 'somebody who has a bare role',
      roles: ['moderator'],
      held: [],
      given: [bare],
      allowed: true,
    },
    {
      caller: 'somebody who has not the bare role',
      roles: ['editor'],
      held: ['notes:*'],
      given: [bare],
      allowed: false,
    },
    {
      caller: 'somebody who holds less',
      roles: ['reader'],
      held: ['notes:read'],
      given: [admin],
      allowed: false,
    },
    {
      caller: 'somebody who holds one of two',
      roles: ['reader'],
      held: ['notes:read'],
      given: [reader, admin],
      allowed: false,
    },
  ])('$caller: $allowed', ({ roles, held, given, allowed }) => {
    const give = () => requireHeldRoles({ roles, permissions: held }, given);
    if (allowed) expect(give).not.toThrow();
    else expect(give).toThrow(escalation);
  });
});
