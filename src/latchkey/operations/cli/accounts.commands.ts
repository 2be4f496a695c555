import { parseArgs } from 'node:util';
import { isUUID } from 'class-validator';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE, type Page } from '../../platform/http/answers/page.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { SessionSearch } from '../../tokens/sessions/admin/session-search.js';
import { type AdminSessionView, ListSessionsQuery } from '../../tokens/sessions/sessions.dto.js';
import { AssignRoles } from '../../users/accounts/assign-roles.js';
import { ChangeUserStatus } from '../../users/accounts/change-user-status.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import {
  AssignRolesBody,
  ChangeUserBody,
  ListUsersQuery,
  type UserProfile,
} from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';
import { print } from './terminal.js';

type Application = Awaited<ReturnType<Parameters<Command['run']>[1]>>;

const TEXT = { type: 'string' } as const;
const TEXTS = { type: 'string', multiple: true } as const;
const JSON_LINES = { json: { type: 'boolean' } } as const;

const listUsersCommand: Command = {
  name: 'users list',
  usage:
    '[--search text] [--email beginning] [--status active|disabled] [--role name] [--second-factor some|none] [--signed-in-after time] [--signed-in-before time] [--json]',
  summary: 'List the accounts, the newest first. --json: an object a line.',
  async run(args, application) {
    const filters = {
      search: TEXT,
      email: TEXT,
      status: TEXT,
      role: TEXT,
      'second-factor': TEXT,
      'signed-in-after': TEXT,
      'signed-in-before': TEXT,
    };
    const { values } = parseArgs({ args, options: { ...filters, ...JSON_LINES } });
    const { search, email, status, role, json } = values;
    const conditions = {
      search,
      email,
      status,
      role,
      secondFactor: values['second-factor'],
      signedInAfter: values['signed-in-after'],
      signedInBefore: values['signed-in-before'],
      limit: MAX_PAGE_SIZE,
    };
    const query = await validated(ListUsersQuery, conditions);
    const directory = (await application()).get(UserDirectory);
    const users = itemsOf((cursor) => directory.list({ ...query, cursor }));
    await writeList(users, USER_COLUMNS, { json });
  },
};

const showUserCommand: Command = {
  name: 'users show',
  usage: '<id or address> [--json]',
  summary: 'Show an account.',
  async run(args, application) {
    const { positionals, values } = parseArgs({
      args,
      options: JSON_LINES,
      allowPositionals: true,
    });
    const user = await findUser(await application(), positionals, 'users show');
    if (values.json) print(JSON.stringify(user));
    else for (const [name, value] of Object.entries(user)) print(`${name.padEnd(13)}  ${value}`);
  },
};

const statusCommands = (['disable', 'enable'] as const).map(
  (verb): Command => ({
    name: `users ${verb}`,
    usage: '<id or address> [--reason text]',
    summary:
      verb === 'disable'
        ? 'Disable an account, which ends its sessions at once on every instance.'
        : 'Enable an account that is disabled.',
    async run(args, application) {
      const options = { reason: TEXT };
      const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
      const status = verb === 'disable' ? 'disabled' : 'active';
      const { reason } = await validated(ChangeUserBody, { status, reason: values.reason });
      const context = await application();
      const { id } = await findUser(context, positionals, `users ${verb}`);
      const user = await context.get(ChangeUserStatus).change(id, { status, reason }, OPERATOR);
      print(`${user.email} is ${user.status} (${user.id}).`);
    },
  }),
);

const rolesCommand: Command = {
  name: 'users roles',
  usage: '<id or address> [--give role]… [--take role]…',
  summary:
    'Give roles to an account and take roles from it, at once on every instance: --give admin makes an administrator of it. Says which roles it has.',
  async run(args, application) {
    const options = { give: TEXTS, take: TEXTS };
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    const { give = [], take = [] } = values;
    const context = await application();
    const user = await findUser(context, positionals, 'users roles');
    const named = positionals[0] ?? '';
    if (give.length > 0 && !user.emailVerified && !isUUID(named)) {
      throw new StartupError(
        `The address of ${user.email} is not verified: somebody else may have registered it. If the account is its owner's, name it by its id, ${user.id}; otherwise see "users verify-email".`,
      );
    }
    const wanted = [...new Set([...user.roles, ...give])].filter((role) => !take.includes(role));
    const { roles } = await validated(AssignRolesBody, { roles: wanted });
    const changed = await context.get(AssignRoles).assign(user.id, roles, OPERATOR);
    print(`${changed.email} has ${changed.roles.join(', ') || 'no roles'} (${changed.id}).`);
  },
};

const listSessionsCommand: Command = {
  name: 'sessions list',
  usage:
    '[--user id or address] [--role name] [--ip address or CIDR] [--state live|ended|expired] [--json]',
  summary: 'List the sessions, the newest first. --json: an object a line.',
  async run(args, application) {
    const options = { user: TEXT, role: TEXT, ip: TEXT, state: TEXT, ...JSON_LINES };
    const { user, role, ip, state, json } = parseArgs({ args, options }).values;
    const conditions = { role, ip, ...(state !== undefined && { state }), limit: MAX_PAGE_SIZE };
    const query = await validated(ListSessionsQuery, conditions);
    const context = await application();
    const userId =
      user === undefined ? undefined : (await findUser(context, [user], 'sessions list')).id;
    const search = context.get(SessionSearch);
    const sessions = itemsOf((cursor) => search.list({ ...query, userId, cursor }));
    await writeList(sessions, SESSION_COLUMNS, { json });
  },
};

export const accountsCommands: readonly Command[] = [
  listUsersCommand,
  showUserCommand,
  ...statusCommands,
  rolesCommand,
  listSessionsCommand,
];

/** By the same rules as the routes for administrators. */
export function validated<Body>(metatype: new () => Body, value: object): Promise<Body> {
  return requestValidation().transform(value, { type: 'body', metatype });
}

export async function* itemsOf<Item>(
  page: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    yield* items;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

export async function findUser(
  context: Application,
  named: readonly string[],
  command: string,
): Promise<UserProfile> {
  const [who] = named;
  if (who === undefined || named.length > 1) {
    throw new StartupError(`Name one account: ${command} ada@example.com, or its id`);
  }
  const id = isUUID(who) ? who : (await context.get(Users).findForSignIn(who))?.id;
  if (id === undefined) throw usersErrors.notFound();
  return context.get(UserDirectory).getProfile(id);
}

const USER_COLUMNS: readonly Column<UserProfile>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'status', width: 8, of: ({ status }) => status },
  { title: 'address', width: 32, of: ({ email }) => email },
  { title: 'roles', width: 0, of: ({ roles }) => roles.join(',') },
];

const SESSION_COLUMNS: readonly Column<AdminSessionView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'user', width: 36, of: ({ userId }) => userId },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'state', width: 7, of: ({ state }) => state },
  { title: 'address', width: 15, of: ({ ip }) => ip },
  { title: 'software', width: 0, of: ({ userAgent }) => userAgent ?? '' },
];
