import { randomBytes } from 'node:crypto';
import { CreateAdmin } from '../../src/latchkey/users/accounts/create-admin.js';
import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';

export const PASSWORD = 'correct horse battery staple';

/** An account with one session, as a mobile app would hold it. */
export interface SignedIn {
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Registers a new account and signs it in. */
export async function signUp(app: Pick<TestApp, 'api'>, email = uniqueEmail()): Promise<SignedIn> {
  const answer = await app.api.post('/auth/register', { email, password: PASSWORD });
  if (answer.status !== 201) throw new Error(`Registration answered ${answer.status}.`);
  return signIn(app.api, email);
}

/** One more session of an account. */
export async function signIn(
  api: ApiClient,
  email: string,
  password = PASSWORD,
): Promise<SignedIn> {
  const { status, body } = await api.post('/auth/login', { email, password, delivery: 'body' });
  if (status !== 200) throw new Error(`Signing in answered ${status}: ${body?.code}`);
  const { user, sessionId, accessToken, refreshToken } = body;
  return { userId: user.id, email, sessionId, accessToken, refreshToken };
}

/** A new administrator, signed in. */
export async function signUpAdmin(
  app: TestApp,
  email = uniqueEmail(),
  password = PASSWORD,
): Promise<SignedIn> {
  await app.nest.get(CreateAdmin, { strict: false }).create(email, password);
  return signIn(app.api, email, password);
}

/** A new account that holds exactly the given roles, signed in anew with them. */
export async function signUpWithRoles(
  app: TestApp,
  admin: SignedIn,
  roles: readonly string[],
): Promise<SignedIn> {
  const { userId, email } = await signUp(app);
  await grantRoles(app, admin, userId, roles);
  return signIn(app.api, email);
}

export async function grantRoles(
  app: TestApp,
  admin: SignedIn,
  userId: string,
  roles: readonly string[],
): Promise<void> {
  const answer = await app.api.put(
    `/admin/users/${userId}/roles`,
    { roles },
    { token: admin.accessToken },
  );
  if (answer.status !== 200) throw new Error(`Granting roles answered ${answer.status}.`);
}

export async function createRole(
  app: TestApp,
  admin: SignedIn,
  name: string,
  permissions: readonly string[],
): Promise<void> {
  const answer = await app.api.post(
    '/admin/roles',
    { name, permissions },
    { token: admin.accessToken },
  );
  if (answer.status !== 201) throw new Error(`Creating a role answered ${answer.status}.`);
}

export function uniqueEmail(): string {
  return `user-${randomBytes(6).toString('hex')}@example.com`;
}
