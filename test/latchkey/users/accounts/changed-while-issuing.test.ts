import { Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LatchkeyModule } from '../../../../src/latchkey/latchkey.module.js';
import { ClaimsContributor } from '../../../../src/latchkey/tokens/access-tokens/claims-contributor.js';
import { defineSessionData } from '../../../../src/latchkey/tokens/sessions/session-data.js';
import { SetSessionData } from '../../../../src/latchkey/tokens/sessions/set-session-data.js';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const desk = defineSessionData<{ place: string }>('desk');

/** What happens between the reading of what somebody may do and the signing of a token that says it. */
let meanwhile: (() => Promise<void>) | undefined;

class Meanwhile extends ClaimsContributor {
  readonly claims = ['desk'];

  async contribute(_: unknown, session: Parameters<typeof desk.of>[0]) {
    const happens = meanwhile;
    meanwhile = undefined;
    await happens?.();
    return { desk: desk.of(session)?.place };
  }
}

@Module({ imports: [LatchkeyModule], providers: [Meanwhile] })
class WithMeanwhile {}

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let clerk: SignedIn;
beforeAll(async () => {
  app = await startTestApp(undefined, { module: WithMeanwhile });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  admin = await signIn(app.api, admin.email);
  const role = `clerk-${crypto.randomUUID().slice(0, 8)}`;
  await createRole(app, admin, role, ['users:read']);
  clerk = await signUpWithRoles(app, admin, [role]);
});

const roleOf = async ({ userId }: SignedIn) => {
  const { body } = await app.api.get(`/admin/users/${userId}`, { token: admin.accessToken });
  return body.roles[0] as string;
};

it.each<[string, () => Promise<unknown>]>([
  ['loses a role', () => grantRoles(app, admin, clerk.userId, [])],
  [
    'has a role that permits less',
    async () => {
      const { accessToken: token } = admin;
      await app.api.patch(`/admin/roles/${await roleOf(clerk)}`, { permissions: [] }, { token });
    },
  ],
  [
    'sits at another desk',
    () =>
      app.nest
        .get(SetSessionData, { strict: false })
        .set(
          { sessionId: clerk.sessionId, userId: clerk.userId },
          desk.with({ place: crypto.randomUUID() }),
        ),
  ],
])(
  'a token of somebody who %s while it is issued says what was, and opens nothing',
  async (_, change) => {
    const { refreshToken } = clerk;
    meanwhile = async () => void (await change());
    const { body } = await app.api.post('/auth/refresh', { refreshToken });
    expect(meanwhile).toBeUndefined();

    const outdated = await app.api.get('/admin/users', { token: body.accessToken });
    expect(refusalOf(outdated)).toEqual(refused(401, 'access.token_stale'));

    // The next refresh says what is.
    const next = await app.api.post('/auth/refresh', { refreshToken: body.refreshToken });
    expect(next.status).toBe(200);
    const { status } = await app.api.get('/auth/me', { token: next.body.accessToken });
    expect(status).toBe(200);
  },
);
