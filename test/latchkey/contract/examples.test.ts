import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import type { Answer } from '../../support/api-client.js';
import { startTestApp } from '../../support/test-app.js';
import {
  type ApiDescription,
  describe as describeApi,
  jsonBodyOf,
  type Route,
  routesOf,
} from './api-description.js';
import { exampleOf } from './example-of.js';
import { violations } from './json-schema.js';

describe('the examples of the description', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let description: ApiDescription;
  let admin: SignedIn;
  beforeAll(async () => {
    app = await startTestApp();
    description = await describeApi(app.api);
    admin = await signUpAdmin(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const routeOf = (method: string, path: string): Route => {
    const found = routesOf(description).find((one) => one.method === method && one.path === path);
    if (found === undefined) throw new Error(`${method} ${path} is not described.`);
    return found;
  };

  /** Sends what the description shows, and holds the answer against what it promises. */
  async function tryOut(
    method: string,
    path: string,
    { id = '', token, body = {} }: { id?: string; token?: string; body?: object } = {},
  ): Promise<Answer<Record<string, never>>> {
    const route = routeOf(method, path);
    const schema = jsonBodyOf(route);
    const example = schema && { ...Object(exampleOf(schema, description)), ...body };
    const filled = path.replace('{id}', id).replace('{name}', 'editor');
    const answer = await app.api.send<Record<string, never>>(method, filled, example, { token });
    const { status, text } = answer;
    expect([`${method} ${path}`, status < 300 ? '' : text]).toEqual([`${method} ${path}`, '']);
    const promised = route.responses[status]?.content?.['application/json']?.schema;
    if (status !== 204) expect(violations(promised ?? {}, answer.body, description)).toEqual([]);
    return answer;
  }

  it('are requests that succeed, and what they answer is as described', async () => {
    const { accessToken: token } = admin;
    await tryOut('GET', '/health/live');
    await tryOut('GET', '/health/ready');
    await tryOut('GET', '/.well-known/jwks.json');
    const { user } = (await tryOut('POST', '/auth/register')).body;
    const login = await tryOut('POST', '/auth/login', { body: { delivery: 'body' } });
    const { accessToken: own, refreshToken } = login.body;
    await tryOut('POST', '/auth/refresh', { body: { refreshToken } });

    for (const path of ['/auth/me', '/auth/sessions', '/users/me']) {
      await tryOut('GET', path, { token: own });
    }
    await tryOut('PATCH', '/users/me', { token: own });
    await tryOut('POST', '/auth/password/change', { token: own });

    // Nobody demands more than their own session has shown.
    const body = { requiredAcr: null };
    await tryOut('POST', '/admin/roles', { token, body });
    await tryOut('PATCH', '/admin/roles/{name}', { token, body });
    const id = Object(user).id;
    await tryOut('PUT', '/admin/users/{id}/roles', { id, token });
    for (const path of ['/admin/users/{id}', '/admin/users/{id}/sessions', '/admin/roles/{name}']) {
      await tryOut('GET', path, { id, token });
    }
    for (const path of ['/admin/users', '/admin/roles', '/admin/permissions']) {
      await tryOut('GET', path, { token });
    }
    await tryOut('PATCH', '/admin/users/{id}', { id, token });
    await tryOut('DELETE', '/admin/users/{id}/sessions', { id, token });
    await tryOut('DELETE', '/admin/users/{id}', { id, token });
    await tryOut('DELETE', '/admin/roles/{name}', { token });
    await tryOut('GET', '/admin/audit-events', { token });
  });

  it('are requests that succeed where a session ends', async () => {
    const user = await signUp(app);
    const second = await signIn(app.api, user.email);
    const third = await signIn(app.api, user.email);
    const fourth = await signIn(app.api, user.email);
    await tryOut('DELETE', '/auth/sessions/{id}', {
      id: second.sessionId,
      token: user.accessToken,
    });
    await tryOut('DELETE', '/admin/sessions/{id}', {
      id: third.sessionId,
      token: admin.accessToken,
    });
    await tryOut('POST', '/auth/logout', { body: { refreshToken: fourth.refreshToken } });
    await tryOut('POST', '/auth/logout-all', { token: user.accessToken });
  });
});
