import { isUUID } from 'class-validator';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { AssignRoles } from '../../users/accounts/assign-roles.js';
import { ChangeUser } from '../../users/accounts/change-user.js';
import { DeleteUser } from '../../users/accounts/delete-user.js';
import { SECOND_FACTOR_FILTERS } from '../../users/accounts/store/user-search-store.js';
import { USER_STATUSES } from '../../users/accounts/user.entity.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import {
  AssignRolesBody,
  ChangeUserBody,
  ListUsersQuery,
  type UserProfile,
} from '../../users/accounts/users.dto.js';
import { ACCOUNT, findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeFacts, writeList } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { choice, required, text, texts } from './values.js';

const NONE = 'none';

const listUsersCommand = declareCommand(
  {
    name: 'users list',
    summary: 'List the accounts that meet all conditions, the newest first.',
    options: {
      search: text('text', 'Any part of the address or the name.'),
      email: text('beginning', 'The address, or how it begins.'),
      status: choice(USER_STATUSES, 'Accounts that are so.'),
      role: text('name', 'Who holds this role.'),
      secondFactor: choice(SECOND_FACTOR_FILTERS, 'Who has a second factor or passkey, or none.'),
      provider: text('name', 'Who signs in through this provider.'),
      signedInAfter: text('time', 'Signed in at this time or later.'),
      signedInBefore: text('time', 'Not signed in since this time, or never.'),
      json: JSON_LINES,
    },
    examples: [
      'users list --role admin',
      'users list --signed-in-before 2026-11-08T00:00:00Z --json',
    ],
  },
  async ({ json, ...conditions }, application) => {
    const query = await validated(ListUsersQuery, { ...conditions, limit: MAX_PAGE_SIZE });
    const directory = (await application()).get(UserDirectory);
    const users = itemsOf((cursor) => directory.list({ ...query, cursor }));
    await writeList(users, USER_COLUMNS, { json });
  },
);

const showUserCommand = declareCommand(
  {
    name: 'users show',
    summary: 'Show an account, and what it is known as at providers.',
    arguments: { account: ACCOUNT },
    options: { json: JSON_LINES },
    examples: ['users show ada@example.com'],
  },
  async ({ account, json }, application) => {
    const context = await application();
    const { id } = await findUser(context, account);
    writeFacts(await context.get(UserDirectory).getDetails(id), { json });
  },
);

const SWITCHES = [
  {
    verb: 'disable',
    status: 'disabled',
    summary: 'Disable an account, which ends its sessions at once on every instance.',
  },
  { verb: 'enable', status: 'active', summary: 'Enable an account that is disabled.' },
] as const;

const statusCommands = SWITCHES.map(({ verb, status, summary }) =>
  declareCommand(
    {
      name: `users ${verb}`,
      summary,
      arguments: { account: ACCOUNT },
      options: { reason: text('text', 'Why, for the audit trail.') },
      examples: [`users ${verb} ada@example.com --reason "A laptop was stolen."`],
    },
    async ({ account, reason }, application) => {
      const change = await validated(ChangeUserBody, { status, reason });
      const context = await application();
      const { id } = await findUser(context, account);
      const user = await context.get(ChangeUser).change(id, change, OPERATOR);
      print(`${user.email} is ${user.status} (${user.id}).`);
    },
  ),
);

const changeUserCommand = declareCommand(
  {
    name: 'users change',
    summary: 'Set the language of an account’s mails.',
    arguments: { account: ACCOUNT },
    options: {
      locale: required(text('language', `de, say, or ${NONE}: that of each request.`)),
    },
  },
  async ({ account, locale }, application) => {
    const body = { locale: locale === NONE ? null : locale };
    const change = await validated(ChangeUserBody, body);
    const context = await application();
    const { id } = await findUser(context, account);
    const user = await context.get(ChangeUser).change(id, change, OPERATOR);
    print(`${user.email} has mails in ${user.locale ?? 'the language of each request'} (${id}).`);
  },
);

const deleteUserCommand = declareCommand(
  {
    name: 'users delete',
    summary: 'Delete an account with all that hangs on it, for good; its sessions end first.',
    arguments: { account: ACCOUNT },
  },
  async ({ account }, application) => {
    const context = await application();
    const { id, email } = await findUser(context, account);
    await context.get(DeleteUser).delete(id, OPERATOR);
    print(`${email} is deleted (${id}).`);
  },
);

const rolesCommand = declareCommand(
  {
    name: 'users roles',
    summary:
      'Give roles to an account and take roles from it, at once on every instance. Says which roles it has.',
    arguments: { account: ACCOUNT },
    options: {
      give: texts('role', 'Give it this role; admin makes an administrator of it.'),
      take: texts('role', 'Take this role from it.'),
    },
    examples: [
      'users roles 0191d3c4-8a7b-7c3d-9e2f-1a2b3c4d5e6f --give admin',
      'users roles ada@example.com --take editor --take auditor',
    ],
  },
  async ({ account, give = [], take = [] }, application) => {
    const context = await application();
    const user = await findUser(context, account);
    if (give.length > 0 && !user.emailVerified && !isUUID(account)) {
      throw new StartupError(
        `The address of ${user.email} is not verified: somebody else may have registered it. If the account is its owner's, name it by its id, ${user.id}; otherwise see "users verify-email".`,
      );
    }
    const wanted = [...new Set([...user.roles, ...give])].filter((role) => !take.includes(role));
    const { roles } = await validated(AssignRolesBody, { roles: wanted });
    const changed = await context.get(AssignRoles).assign(user.id, roles, OPERATOR);
    print(`${changed.email} has ${changed.roles.join(', ') || 'no roles'} (${changed.id}).`);
  },
);

export const usersCommands = [
  listUsersCommand,
  showUserCommand,
  ...statusCommands,
  rolesCommand,
  changeUserCommand,
  deleteUserCommand,
];

const USER_COLUMNS: readonly Column<UserProfile>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'status', width: 8, of: ({ status }) => status },
  { title: 'address', width: 32, of: ({ email }) => email },
  { title: 'roles', width: 0, of: ({ roles }) => roles.join(',') },
];
