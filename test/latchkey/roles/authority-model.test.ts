/**
 * Two users who work together, and the services whose secrets they see, try whatever the routes for
 * roles, users and clients can do, in any order: what they reach together never grows, and who may do
 * more than they stays as they were.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { permissionsCover } from '../../../src/latchkey/access/permission.js';
import type { Actor } from '../../../src/latchkey/audit/actor.js';
import { ChangeClient } from '../../../src/latchkey/oauth/clients/change-client.js';
import { CreateClient } from '../../../src/latchkey/oauth/clients/create-client.js';
import { DeleteClient } from '../../../src/latchkey/oauth/clients/delete-client.js';
import { CreateClientBody } from '../../../src/latchkey/oauth/clients/oauth-clients.dto.js';
import { RotateClientSecret } from '../../../src/latchkey/oauth/clients/rotate-client-secret.js';
import { LatchkeyError } from '../../../src/latchkey/platform/errors/latchkey-error.js';
import { ChangeRole } from '../../../src/latchkey/roles/change-role.js';
import { CreateRole } from '../../../src/latchkey/roles/create-role.js';
import { DeleteRole } from '../../../src/latchkey/roles/delete-role.js';
import { AssignRoles } from '../../../src/latchkey/users/accounts/assign-roles.js';
import { ChangeUserStatus } from '../../../src/latchkey/users/accounts/change-user-status.js';
import { DeleteUser } from '../../../src/latchkey/users/accounts/delete-user.js';
import { startTestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';

const RUNS = repeated({ quick: 25, full: 2_000 });
const SECONDS_PER_RUN_AT_MOST = 2;

/** Of these four there may be such roles at first; a route somewhere demands each of them. */
const ROLE_NAMES = ['editor', 'reader', 'moderator', 'clerk'] as const;
const PERMISSIONS = ['notes:read', 'notes:*', 'bills:read', 'users:write', '*'] as const;
/** The first two work together. */
const USERS = Array.from({ length: 5 }, () => randomUUID());
const ACCOMPLICES = USERS.slice(0, 2);
const CLIENTS = Array.from({ length: 2 }, () => randomUUID());

const roleNames = fc.uniqueArray(fc.constantFrom(...ROLE_NAMES, 'admin', 'user'), { maxLength: 3 });
const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { maxLength: 3 });
const status = fc.constantFrom('active' as const, 'disabled' as const);
const role = fc.constantFrom(...ROLE_NAMES, 'admin', 'user');
const user = fc.nat({ max: USERS.length - 1 });
const client = fc.nat({ max: CLIENTS.length + 1 });
const holdings = fc.uniqueArray(fc.constantFrom(...ROLE_NAMES, 'user'), { maxLength: 2 });

/** Who holds what at first. */
const worlds = fc.record({
  roles: fc.dictionary(fc.constantFrom(...ROLE_NAMES), permissions, { maxKeys: 4 }),
  users: fc.tuple(holdings, holdings, roleNames, roleNames, roleNames),
  clients: fc.tuple(roleNames, roleNames),
});
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

const acts = fc.oneof(
  fc.record({ kind: fc.constant('create role' as const), role, permissions }),
  fc.record({ kind: fc.constant('change role' as const), role, permissions }),
  fc.record({ kind: fc.constant('delete role' as const), role }),
  fc.record({ kind: fc.constant('assign' as const), user, roleNames }),
  fc.record({ kind: fc.constant('change user' as const), user, status }),
  fc.record({ kind: fc.constant('delete user' as const), user }),
  fc.record({ kind: fc.constant('create client' as const), roleNames }),
  fc.record({ kind: fc.constant('change client' as const), client, roleNames, status }),
  fc.record({ kind: fc.constant('rotate' as const), client }),
  fc.record({ kind: fc.constant('delete client' as const), client }),
);
type Act = typeof acts extends fc.Arbitrary<infer A> ? A : never;
/** By one of the two, or of the services whose secret they know. */
const attempts = fc.array(fc.record({ by: fc.nat({ max: 3 }), act: acts }), {
  minLength: 3,
  maxLength: 12,
});

interface Account {
  readonly id: string;
  readonly status: string;
  readonly roles: string[];
}
interface State {
  readonly roles: ReadonlyMap<string, string[]>;
  readonly accounts: ReadonlyMap<string, Account>;
}
interface Reach {
  readonly names: ReadonlySet<string>;
  readonly permissions: readonly string[];
}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

it(
  'what somebody reaches by the routes for roles, users and clients never grows',
  async () => {
    let runs = 0;
    let done = 0;
    const property = fc.asyncProperty(worlds, attempts, async (world, tries) => {
      await reset(world);
      const before = await readState();
      const known = new Set<string>(ACCOMPLICES);
      const reached = reachOf(before, known);
      for (const { by, act } of tries) {
        const members = [...known];
        const actor = actorOf(members[by % members.length] ?? '');
        const secretOf = await attempt(act, actor, members).catch(refusedOnly);
        if (secretOf === 'refused') continue;
        done += 1;
        if (secretOf !== undefined) known.add(secretOf);
        const after = await readState();
        expectNoMore(reachOf(after, known), reached);
        expectUntouched(after, before, reached);
      }
      runs += 1;
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(runs).toBeGreaterThanOrEqual(RUNS);
    // Something has been allowed, or nothing would have been shown.
    expect(done).toBeGreaterThan(RUNS / 4);
  },
  onThisMachine(60_000 + RUNS * SECONDS_PER_RUN_AT_MOST * 1000),
);

/** @returns the client whose secret has been seen, if one has */
async function attempt(act: Act, by: Actor, members: string[]): Promise<string | undefined> {
  const use = <T>(type: new (...dependencies: never[]) => T): T =>
    app.nest.get<T>(type, { strict: false });
  const clientId = (index: number) => CLIENTS[index] ?? members.at(-1) ?? '';
  switch (act.kind) {
    case 'create role':
      await use(CreateRole).create({ name: act.role, permissions: act.permissions }, by);
      return;
    case 'change role':
      await use(ChangeRole).change(act.role, { permissions: act.permissions }, by);
      return;
    case 'delete role':
      return use(DeleteRole).delete(act.role, by) as Promise<undefined>;
    case 'assign':
      await use(AssignRoles).assign(USERS[act.user] ?? '', act.roleNames, by);
      return;
    case 'change user':
      await use(ChangeUserStatus).change(USERS[act.user] ?? '', { status: act.status }, by);
      return;
    case 'delete user':
      return use(DeleteUser).delete(USERS[act.user] ?? '', by) as Promise<undefined>;
    case 'create client':
      return (
        await use(CreateClient).create(
          Object.assign(new CreateClientBody(), { name: 'made', roles: act.roleNames }),
          by,
        )
      ).id;
    case 'change client': {
      const body = { roles: act.roleNames, status: act.status };
      await use(ChangeClient).change(clientId(act.client), body, by);
      return;
    }
    case 'rotate':
      return (await use(RotateClientSecret).rotate(clientId(act.client), 0, by)).id;
    case 'delete client':
      return use(DeleteClient).delete(clientId(act.client), by) as Promise<undefined>;
  }
}

/** Refusals are answers; anything else that is thrown is a fault. */
function refusedOnly(error: unknown): 'refused' {
  if (error instanceof LatchkeyError && error.definition.status < 500) return 'refused';
  throw error;
}

function reachOf({ roles, accounts }: State, known: ReadonlySet<string>): Reach {
  const names = [...known].flatMap((id) => accounts.get(id)?.roles ?? []);
  return {
    names: new Set([...names, 'user']),
    permissions: names.flatMap((name) => roles.get(name) ?? []),
  };
}

function expectNoMore(now: Reach, before: Reach): void {
  if (before.permissions.includes('*')) return;
  expect([...before.names]).toEqual(expect.arrayContaining([...now.names]));
  const beyond = now.permissions.filter((one) => !permissionsCover(before.permissions, [one]));
  expect(beyond).toEqual([]);
}

/** Roles and accounts that reach further than all of them together are as they were. */
function expectUntouched(after: State, before: State, reach: Reach): void {
  if (reach.permissions.includes('*')) return;
  const isBeyond = (name: string) =>
    !reach.names.has(name) || !permissionsCover(reach.permissions, before.roles.get(name) ?? []);
  for (const [name, permitted] of before.roles) {
    if (isBeyond(name)) expect(after.roles.get(name)).toEqual(permitted);
  }
  for (const [id, account] of before.accounts) {
    if (account.roles.some(isBeyond)) expect(after.accounts.get(id)).toEqual(account);
  }
}

function actorOf(userId: string): Actor {
  return { userId, sessionId: null, ip: '192.0.2.1', userAgent: null, requestId: 'model' };
}

async function readState(): Promise<State> {
  const [row] = await app.stores.query<{ roles: object; accounts: Account[] }>(`
    SELECT (SELECT json_object_agg(name, permissions) FROM roles) AS roles,
      (SELECT json_agg(account) FROM (
        SELECT id, status, ARRAY(SELECT role_name FROM user_roles WHERE user_id = id ORDER BY 1)
          AS roles FROM users
        UNION ALL
        SELECT id, status, ARRAY(
          SELECT role_name FROM oauth_client_roles WHERE client_id = id ORDER BY 1)
        FROM oauth_clients) AS account) AS accounts`);
  return {
    roles: new Map(Object.entries(row?.roles ?? {})),
    accounts: new Map((row?.accounts ?? []).map((account) => [account.id, account])),
  };
}

async function reset({ roles, users, clients }: World): Promise<void> {
  const { query } = app.stores;
  await query('DELETE FROM oauth_clients');
  await query('DELETE FROM users');
  await query('DELETE FROM roles WHERE NOT built_in');
  await query(`UPDATE roles SET permissions = '{}' WHERE name = 'user'`);
  await query(
    `INSERT INTO roles (name, permissions)
     SELECT key, ARRAY(SELECT json_array_elements_text(value)) FROM json_each($1)`,
    [JSON.stringify(roles)],
  );
  const accounts = (ids: string[], holdings: string[][]) =>
    JSON.stringify(ids.map((id, index) => ({ id, roles: holdings[index] })));
  const GIVEN = `SELECT account.id, role.name FROM account JOIN roles role
    ON role.name IN (SELECT json_array_elements_text(account.roles))`;
  await query(
    `WITH account AS (SELECT * FROM json_to_recordset($1) AS given (id uuid, roles json)),
       made AS (INSERT INTO users (id, email, email_key) SELECT id, id || '@a.test', id || '@a.test'
         FROM account)
     INSERT INTO user_roles (user_id, role_name) ${GIVEN}`,
    [accounts(USERS, users)],
  );
  await query(
    `WITH account AS (SELECT * FROM json_to_recordset($1) AS given (id uuid, roles json)),
       made AS (INSERT INTO oauth_clients (id, name, secret_hash) SELECT id, 'old', '' FROM account)
     INSERT INTO oauth_client_roles (client_id, role_name) ${GIVEN}`,
    [accounts(CLIENTS, clients)],
  );
}
