import { DEMANDABLE_LEVELS } from '../../access/assurance.js';
import { OPERATOR } from '../../audit/actor.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { ChangeRole } from '../../roles/change-role.js';
import { CreateRole } from '../../roles/create-role.js';
import { DeleteRole } from '../../roles/delete-role.js';
import { RoleDirectory } from '../../roles/role-directory.js';
import { ChangeRoleBody, CreateRoleBody, type RoleView } from '../../roles/roles.dto.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { argument, choice, text, texts, type ValuesOf } from './values.js';

const NOTHING = 'none';
const ROLE = argument('role', 'Its name.');

const OPTIONS = {
  permission: texts('resource:action', 'What it permits, all of it anew.'),
  description: text('text', 'What it is for.'),
  requiredAcr: choice([...DEMANDABLE_LEVELS, NOTHING], 'What a session must reach to have it.'),
} as const;

const listRolesCommand = declareCommand(
  {
    name: 'roles list',
    summary: 'List the roles: what they permit, and what they demand.',
    options: { json: JSON_LINES },
  },
  async ({ json }, application) => {
    const directory = (await application()).get(RoleDirectory);
    const roles = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(roles, COLUMNS, { json });
  },
);

const createRoleCommand = declareCommand(
  {
    name: 'roles create',
    summary: 'Make a role.',
    arguments: { name: ROLE },
    options: OPTIONS,
    examples: ['roles create editor --permission notes:read --permission notes:write'],
  },
  async ({ name, permission: permissions = [], ...rest }, application) => {
    const body = await validated(CreateRoleBody, { name, permissions, ...changesIn(rest) });
    const role = await (await application()).get(CreateRole).create(body, OPERATOR);
    print(lineOf(role));
  },
);

const changeRoleCommand = declareCommand(
  {
    name: 'roles change',
    summary:
      'Change what a role permits, or what a session must reach to have it, at once on every instance; nobody is signed out.',
    arguments: { name: ROLE },
    options: OPTIONS,
    examples: ['roles change editor --required-acr aal2'],
  },
  async ({ name, permission: permissions, ...rest }, application) => {
    const body = await validated(ChangeRoleBody, {
      ...(permissions !== undefined && { permissions }),
      ...changesIn(rest),
    });
    const role = await (await application()).get(ChangeRole).change(name, body, OPERATOR);
    print(lineOf(role));
  },
);

const deleteRoleCommand = declareCommand(
  {
    name: 'roles delete',
    summary: 'Delete a role that nobody holds.',
    arguments: { name: ROLE },
  },
  async ({ name }, application) => {
    await (await application()).get(DeleteRole).delete(name, OPERATOR);
    print(`${name} is deleted.`);
  },
);

export const rolesCommands = [
  listRolesCommand,
  createRoleCommand,
  changeRoleCommand,
  deleteRoleCommand,
];

/** What is absent is not among it. */
function changesIn({
  description,
  requiredAcr: acr,
}: Omit<ValuesOf<{ options: typeof OPTIONS }>, 'permission'>) {
  return {
    ...(description !== undefined && { description }),
    ...(acr !== undefined && { requiredAcr: acr === NOTHING ? null : acr }),
  };
}

function lineOf({ name, permissions, requiredAcr }: RoleView): string {
  const demand = requiredAcr === null ? 'demands nothing' : `demands ${requiredAcr}`;
  return `${name} permits ${permissions.join(', ') || 'nothing'} and ${demand}.`;
}

const COLUMNS: readonly Column<RoleView>[] = [
  { title: 'name', width: 24, of: ({ name }) => name },
  { title: 'demands', width: 7, of: ({ requiredAcr }) => requiredAcr ?? '' },
  { title: 'permits', width: 0, of: ({ permissions }) => permissions.join(',') },
];
