import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesPage } from '../../../scripts/routes-page.mjs';
import { startTestApp } from '../../support/test-app.js';
import {
  describe as describeApi,
  EVERY_ROUTE,
  errorSchemaOf,
  type Route,
  routesOf,
} from './api-description.js';
import { lineOf } from './route-line.js';

const SNAPSHOT = new URL('./__snapshots__/routes.test.ts.snap', import.meta.url);

/** Every code that something built can give: the contract’s, and those of keys, clients and OAuth. */
const CONTRACT = {
  400: [
    'auth.external_token_unsupported',
    'consents.request_over',
    'factors.passkey_invalid',
    'oauth.access_denied',
    'oauth.authorization_pending',
    'oauth.expired_token',
    'oauth.invalid_client_metadata',
    'oauth.invalid_grant',
    'oauth.invalid_redirect_uri',
    'oauth.invalid_request',
    'oauth.invalid_scope',
    'oauth.invalid_target',
    'oauth.slow_down',
    'oauth.unauthorized_client',
    'oauth.unsupported_grant_type',
    'request.invalid',
    'request.malformed',
  ],
  401: [
    'access.assurance_insufficient',
    'access.token_expired',
    'access.token_invalid',
    'access.token_revoked',
    'access.token_stale',
    'access.unauthenticated',
    'auth.external_refused',
    'auth.factor_invalid',
    'auth.fresh_sign_in_required',
    'auth.invalid_credentials',
    'auth.passkey_unknown',
    'auth.proof_invalid',
    'auth.refresh_invalid',
    'auth.refresh_reused',
    'auth.session_expired',
    'auth.session_revoked',
    'oauth.invalid_client',
  ],
  403: [
    'access.forbidden',
    'auth.cross_site',
    'auth.email_change_off',
    'auth.email_sign_in_off',
    'auth.email_unverified',
    'auth.email_verification_off',
    'auth.external_email_missing',
    'auth.external_proof_required',
    'auth.password_needed',
    'auth.password_sign_in_off',
    'auth.recovery_off',
    'auth.registration_closed',
    'auth.second_factor_required',
    'factors.code_invalid',
    'factors.locked',
    'factors.mail_proof_needed',
    'factors.passkey_upgrade_off',
    'mail.off',
    'roles.escalation',
  ],
  404: [
    'auth.external_unknown',
    'clients.not_found',
    'consents.not_found',
    'device.code_invalid',
    'factors.not_found',
    'identities.not_found',
    'keys.not_found',
    'outbox.not_found',
    'request.not_found',
    'resources.not_found',
    'roles.not_found',
    'sessions.not_found',
    'users.not_found',
  ],
  409: [
    'clients.has_no_secret',
    'factors.last_way_in',
    'factors.none',
    'factors.too_many',
    'identities.taken',
    'identities.too_many',
    'keys.next_too_new',
    'outbox.settled',
    'resources.identifier_taken',
    'resources.scope_taken',
    'roles.in_use',
    'roles.last_admin',
    'roles.name_taken',
    'roles.not_for_services',
    'roles.too_large',
    'users.email_taken',
  ],
  413: ['request.too_large'],
  415: ['request.unsupported_media_type'],
  424: ['auth.external_unavailable'],
  429: ['throttle.too_many_requests'],
  503: [
    'access.keys_unavailable',
    'access.revocation_unavailable',
    'auth.busy',
    'database.unavailable',
    'passwords.check_unavailable',
  ],
};

describe('the routes', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let routes: Route[];
  beforeAll(async () => {
    app = await startTestApp(EVERY_ROUTE);
    routes = routesOf(await describeApi(app.api));
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('demand and answer what they did: a difference here is a change of the contract', () => {
    const lines = routes.map(lineOf).sort();
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });

  it('are in docs/routes.md as in the snapshot: "npm run docs:routes" writes it anew', async () => {
    const snapshot = await readFile(SNAPSHOT, 'utf8');
    expect(await readFile('docs/routes.md', 'utf8')).toBe(routesPage(snapshot));
    for (const { path } of routes) expect(routesPage(snapshot)).toContain(`\`${path}\``);
  });

  it('can fail in every way that the contract names, and in no other', () => {
    const declared: Record<string, string[]> = {};
    for (const route of routes) {
      for (const [status, { content }] of Object.entries(route.responses)) {
        const codes = errorSchemaOf(content)?.allOf?.[1]?.properties?.code?.enum ?? [];
        if (codes.length === 0) continue;
        declared[status] = [...new Set([...(declared[status] ?? []), ...codes.map(String)])].sort();
      }
    }
    expect(declared).toEqual({ ...CONTRACT, 500: ['server.internal'] });
  });

  it('demand a token exactly where they are not public', async () => {
    // It judges its tokens itself.
    for (const route of routes.filter((one) => one.path !== '/oauth/userinfo')) {
      const path = route.path.replace(/\{\w+\}/g, '0190f3c0-0000-7000-8000-000000000000');
      const answer = await app.api.send<{ code?: string }>(route.method, path, undefined);
      const isRefused = answer.body?.code === 'access.unauthenticated';
      expect([route.method, path, isRefused]).toEqual([
        route.method,
        path,
        route['x-public'] !== true,
      ]);
    }
  });
});
