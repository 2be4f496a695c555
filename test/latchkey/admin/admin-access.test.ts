import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRole, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { populate } from '../../builders/people.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { ADMIN_PERMISSIONS, ADMIN_ROUTES, type AdminRoute } from './admin-routes.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let user: SignedIn;
let admin: SignedIn;
/** By what the caller may do. */
const tokens = new Map<string, string>();

const allBut = (permission: string) => `all but ${permission}`;
const wildcardOf = (permission: string) => `${permission.split(':')[0]}:*`;

beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  user = await signUp(app);
  admin = await signUpAdmin(app);
  const callers: [string, string[]][] = ADMIN_PERMISSIONS.flatMap((permission) => [
    [permission, [permission]],
    [wildcardOf(permission), [wildcardOf(permission)]],
    [allBut(permission), ADMIN_PERMISSIONS.filter((other) => other !== permission)],
  ]);
  const named = [...new Map(callers)];
  const emails = await populate(app, named.length);
  for (const [index, [name, permissions]] of named.entries()) {
    const [role, email = ''] = [`caller-${index}`, emails[index]];
    await createRole(app, admin, role, permissions);
    await app.stores.query(
      'INSERT INTO user_roles (user_id, role_name) SELECT id, $1 FROM users WHERE email = $2',
      [role, email],
    );
    tokens.set(name, (await signIn(app.api, email)).accessToken);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const call = ({ method, path, body }: AdminRoute, token?: string) =>
  app.api.send<Record<string, unknown>>(method, path, body, { token });

describe.each(ADMIN_ROUTES)('$method $path', (route) => {
  const { permission } = route;

  it('demands a signed-in caller', async () => {
    const answer = await call(route);
    expect(refusalOf(answer)).toEqual(refused(401, 'access.unauthenticated'));
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it(`demands ${permission}, and nothing else will do`, async () => {
    for (const token of [user.accessToken, tokens.get(allBut(permission))]) {
      const answer = await call(route, token);
      expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    }
  });

  it(`opens to ${permission}, ${wildcardOf(permission)} and *`, async () => {
    const callers = [tokens.get(permission), tokens.get(wildcardOf(permission)), admin.accessToken];
    for (const token of callers) {
      expect(token).toBeDefined();
      expect((await call(route, token)).status).toBe(route.status);
    }
  });
});

it('every route below /admin that is described demands a permission', async () => {
  const { body } = await app.api.get('/openapi.json');
  const routes = Object.entries<Record<string, unknown>>(body.paths)
    .filter(([path]) => path.startsWith('/admin'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method, path })));
  expect(routes.length).toBeGreaterThanOrEqual(ADMIN_ROUTES.length);
  for (const { method, path } of routes) {
    const url = path.replaceAll(/\{\w+\}/g, admin.userId);
    const anonymous = await app.api.send(method.toUpperCase(), url, undefined);
    const ordinary = await app.api.send(method.toUpperCase(), url, undefined, {
      token: user.accessToken,
    });
    expect({ method, path, statuses: [anonymous.status, ordinary.status] }).toEqual({
      method,
      path,
      statuses: [401, 403],
    });
  }
});
