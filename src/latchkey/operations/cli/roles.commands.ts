import { parseArgs } from 'node:util';
import { DEMANDABLE_LEVELS } from '../../access/assurance.js';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { ChangeRole } from '../../roles/change-role.js';
import { CreateRole } from '../../roles/create-role.js';
import { RoleDirectory } from '../../roles/role-directory.js';
import { ChangeRoleBody, CreateRoleBody, type RoleView } from '../../roles/roles.dto.js';
import { itemsOf, validated } from './accounts.commands.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';
import { print } from './terminal.js';

const NOTHING = 'none';
const REQUIRED_ACR = `--required-acr ${[...DEMANDABLE_LEVELS, NOTHING].join('|')}`;

const OPTIONS = {
  permission: { type: 'string', multiple: true },
  description: { type: 'string' },
  'required-acr': { type: 'string' },
} as const;

const listRolesCommand: Command = {
  name: 'roles list',
  usage: '[--json]',
  summary: 'List the roles: what they permit, and what they demand. --json: an object a line.',
  async run(args, application) {
    const { json } = parseArgs({ args, options: { json: { type: 'boolean' } } }).values;
    const directory = (await application()).get(RoleDirectory);
    const roles = itemsOf((cursor) => directory.list({ limit: MAX_PAGE_SIZE, cursor }));
    await writeList(roles, COLUMNS, { json });
  },
};

const createRoleCommand: Command = {
  name: 'roles create',
  usage: `<name> [--permission resource:action]… [--description text] [${REQUIRED_ACR}]`,
  summary: 'Make a role.',
  async run(args, application) {
    const { name, permissions = [], ...rest } = read(args, 'roles create');
    const body = await validated(CreateRoleBody, { name, permissions, ...rest });
    const role = await (await application()).get(CreateRole).create(body, OPERATOR);
    print(lineOf(role));
  },
};

const changeRoleCommand: Command = {
  name: 'roles change',
  usage: `<name> [--permission resource:action]… [--description text] [${REQUIRED_ACR}]`,
  summary:
    'Change what a role permits (all of it anew), or what a session must reach to have it, at once on every instance; nobody is signed out.',
  async run(args, application) {
    const { name, ...changes } = read(args, 'roles change');
    const body = await validated(ChangeRoleBody, changes);
    const role = await (await application()).get(ChangeRole).change(name, body, OPERATOR);
    print(lineOf(role));
  },
};

export const rolesCommands: readonly Command[] = [
  listRolesCommand,
  createRoleCommand,
  changeRoleCommand,
];

/** What is absent is not among it. */
function read(args: string[], command: string) {
  const { positionals, values } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) {
    throw new StartupError(`Name one role: ${command} editor`);
  }
  const { permission, description, 'required-acr': acr } = values;
  return {
    name,
    ...(permission !== undefined && { permissions: permission }),
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
