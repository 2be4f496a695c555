import { describe, expect, it } from 'vitest';
import { canGive, requireGivable } from '../../../src/latchkey/roles/escalation-rule.js';

const ADMIN = { name: 'admin', permissions: ['*'] };
const USER = { name: 'user', permissions: [] };
const EDITOR = { name: 'editor', permissions: ['notes:*', 'bills:read'] };
const READER = { name: 'reader', permissions: ['notes:read'] };
const MODERATOR = { name: 'moderator', permissions: [] };

/** What somebody holds who has these roles: every account has the role `user` as well. */
function holding(...roles: (typeof EDITOR)[]) {
  return {
    roles: roles.length === 0 ? [] : [...roles.map(({ name }) => name), 'user'],
    permissions: roles.flatMap(({ permissions }) => permissions),
  };
}

describe('a role is given by who holds its name and all that it permits, or *', () => {
  it.each([
    { who: 'an admin', held: [ADMIN], gives: [ADMIN, USER, EDITOR, READER, MODERATOR] },
    {
      who: 'one of everything by another name',
      held: [{ name: 'root', permissions: ['*'] }],
      gives: [ADMIN, USER, EDITOR, READER, MODERATOR],
    },
    { who: 'an editor, who may all that a reader may', held: [EDITOR], gives: [EDITOR, USER] },
    { who: 'a reader', held: [READER], gives: [READER, USER] },
    { who: 'a moderator', held: [MODERATOR], gives: [MODERATOR, USER] },
    { who: 'both', held: [READER, MODERATOR], gives: [READER, MODERATOR, USER] },
    { who: 'an ordinary user', held: [USER], gives: [USER] },
  ])('$who', ({ held, gives }) => {
    const all = [ADMIN, USER, EDITOR, READER, MODERATOR];
    const mine = holding(...held);
    expect(all.filter((role) => canGive(mine, role))).toEqual(
      all.filter((role) => gives.includes(role)),
    );
  });

  it.each([
    [['notes:*', 'bills:read'], true],
    [['notes:read'], true],
    [[], true],
    [['notes:read', 'users:read'], false],
    [['bills:*'], false],
    [['notes-secret:read'], false],
    [['*'], false],
  ])('a role that is held becomes one of %j by its holder: %j', (permissions, allowed) => {
    expect(canGive(holding(EDITOR), { name: 'editor', permissions })).toBe(allowed);
  });

  it('the role of every account, too, is worth what it permits', () => {
    expect(canGive(holding(READER), { name: 'user', permissions: ['notes:read'] })).toBe(true);
    expect(canGive(holding(READER), { name: 'user', permissions: ['notes:write'] })).toBe(false);
  });
});

it('a refusal says what is missing', () => {
  const act = () => requireGivable(holding(READER), [READER, EDITOR, MODERATOR]);
  expect(act).toThrow(
    expect.objectContaining({
      code: 'roles.escalation',
      detail: 'You do not hold: the role editor, notes:*, bills:read, the role moderator.',
    }),
  );
});

it('whoever holds nothing acts on nothing', () => {
  for (const roles of [[], [USER]]) {
    expect(() => requireGivable(holding(), roles)).toThrow(
      expect.objectContaining({ code: 'roles.escalation' }),
    );
  }
});
