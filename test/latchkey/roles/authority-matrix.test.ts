/** docs/authority.md, as a table: who may act on whom, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  PASSWORD,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
  uniqueEmail,
} from '../../builders/accounts.js';
import { createClient } from '../../builders/clients.js';
import type { Answer } from '../../support/api-client.js';
import { startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

/** Every permission that the routes below demand: what they act on is another matter. */
const DESK = ['users:write', 'users:delete', 'roles:assign', 'roles:write', 'clients:write'];

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let names = 0;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'desk', DESK);
  await createRole(app, admin, 'wide', ['notes:*']);
});
afterAll(() => app[Symbol.asyncDispose]());

/** What acts on whoever holds a role need hold, beside what opens the routes. */
const ACTORS = {
  below: (_role: string) => ['desk'],
  'as wide by another name': (_role: string) => ['desk', 'wide'],
  equal: (role: string) => ['desk', role],
  above: (_role: string) => ['admin'],
};
type ActorName = keyof typeof ACTORS;
const ACTOR_NAMES = Object.keys(ACTORS) as ActorName[];

type Send = (method: string, path: string, body?: unknown) => Promise<Answer>;
interface Target {
  readonly send: Send;
  /** The role that makes the target what it is. */
  readonly role: string;
  readonly userId: string;
  readonly clientId: string;
}

const asAdmin: Send = (method, path, body) =>
  app.api.send(method, path, body, { token: admin.accessToken });

/** What it does, and with which status it is answered when it is allowed. */
const ACTS: Record<string, [act: (target: Target) => Promise<Answer>, status: number]> = {
  'disable the user': [
    ({ send, userId }) => send('PATCH', `/admin/users/${userId}`, { status: 'disabled' }),
    200,
  ],
  'enable the user': [
    async ({ send, userId }) => {
      await asAdmin('PATCH', `/admin/users/${userId}`, { status: 'disabled' });
      return send('PATCH', `/admin/users/${userId}`, { status: 'active' });
    },
    200,
  ],
  'delete the user': [({ send, userId }) => send('DELETE', `/admin/users/${userId}`), 204],
  'take the role': [
    ({ send, userId }) => send('PUT', `/admin/users/${userId}/roles`, { roles: ['user'] }),
    200,
  ],
  'give the role to somebody else': [
    async ({ send, role }) => {
      const { userId } = await signUp(app);
      return send('PUT', `/admin/users/${userId}/roles`, { roles: ['user', role] });
    },
    200,
  ],
  'give the user something else': [
    ({ send, userId, role }) =>
      send('PUT', `/admin/users/${userId}/roles`, { roles: [role, 'user'] }),
    200,
  ],
  'make a service with the role': [
    ({ send, role }) => send('POST', '/admin/clients', { name: 'new', roles: [role] }),
    201,
  ],
  'rename the service': [
    ({ send, clientId }) => send('PATCH', `/admin/clients/${clientId}`, { name: 'renamed' }),
    200,
  ],
  'disable the service': [
    ({ send, clientId }) => send('PATCH', `/admin/clients/${clientId}`, { status: 'disabled' }),
    200,
  ],
  'enable the service': [
    async ({ send, clientId }) => {
      await asAdmin('PATCH', `/admin/clients/${clientId}`, { status: 'disabled' });
      return send('PATCH', `/admin/clients/${clientId}`, { status: 'active' });
    },
    200,
  ],
  'see a new secret of the service': [
    ({ send, clientId }) => send('POST', `/admin/clients/${clientId}/secret`, {}),
    200,
  ],
  'delete the service': [({ send, clientId }) => send('DELETE', `/admin/clients/${clientId}`), 204],
  'describe the role': [
    ({ send, role }) => send('PATCH', `/admin/roles/${role}`, { description: 'Anew.' }),
    200,
  ],
  // The last, for it makes tokens stale.
  'empty the role': [
    ({ send, role }) => send('PATCH', `/admin/roles/${role}`, { permissions: [] }),
    200,
  ],
};

/** A new user and a new service that hold the role, and by whom they are acted on. */
async function target(role: string, actor: SignedIn): Promise<Target> {
  const answer = await app.api.post('/auth/register', { email: uniqueEmail(), password: PASSWORD });
  const { id: userId } = answer.body.user;
  await grantRoles(app, admin, userId, [role]);
  const { id: clientId } = await createClient(app.api, admin, [role]);
  const send: Send = (method, path, body) =>
    app.api.send(method, path, body, { token: actor.accessToken });
  return { send, role, userId, clientId };
}

async function stateOf({ role, userId, clientId }: Target): Promise<unknown> {
  const paths = [`/admin/roles/${role}`, `/admin/users/${userId}`, `/admin/clients/${clientId}`];
  return Promise.all(paths.map(async (path) => (await asAdmin('GET', path)).body));
}

describe.each(ACTOR_NAMES)('somebody %s', (actorName) => {
  const allowed = actorName === 'equal' || actorName === 'above';
  let role: string;
  let actor: SignedIn;
  beforeAll(async () => {
    names += 1;
    role = `sealed-${names}`;
    await createRole(app, admin, role, ['notes:read']);
    actor = await signUpWithRoles(app, admin, ACTORS[actorName](role));
  });

  it.each(sampled(Object.keys(ACTS), { oneIn: 3, turn: ACTOR_NAMES.indexOf(actorName) }))(
    `${allowed ? 'can' : 'cannot'} %s`,
    async (name) => {
      const [act, status] = ACTS[name] ?? [];
      const on = await target(role, actor);
      const before = await stateOf(on);
      const answer = await act?.(on);
      if (allowed) {
        expect([answer?.status, answer?.body?.code]).toEqual([status, undefined]);
        return;
      }
      expect([answer?.status, answer?.body?.code]).toEqual([403, 'roles.escalation']);
      expect(answer?.body?.detail).toContain(`the role ${on.role}`);
      if (!name.startsWith('enable')) expect(await stateOf(on)).toEqual(before);
    },
  );
});

it('ending sessions is for emergencies, and takes nothing but its permission', async () => {
  await createRole(app, admin, 'guard', ['sessions:revoke']);
  const guard = await signUpWithRoles(app, admin, ['guard']);
  const chief = await signUpAdmin(app);
  const path = `/admin/users/${chief.userId}/sessions`;
  const answer = await app.api.delete(path, { token: guard.accessToken });
  expect([answer.status, answer.body]).toEqual([200, { revoked: 1 }]);
});
