import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../builders/access-tokens.js';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
} from '../../builders/accounts.js';
import { type Client, clientToken, createClient, postForm } from '../../builders/clients.js';
import { partsOf, refresh, tokenOf } from '../../builders/sessions.js';
import { eventually } from '../../support/eventually.js';
import { expectOAuthError } from '../../support/expect-oauth-error.js';
import { Instances } from '../../support/instances.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { copyDatabase } from '../../support/store-copies.js';
import type { TestApp } from '../../support/test-app.js';

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let client: Client;
/** May end anybody's session. */
let steward: Client;
beforeAll(async () => {
  instances = await Instances.start({}, {});
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'steward', ['sessions:revoke']);
  client = await createClient(app.api, admin);
  steward = await createClient(app.api, admin, ['steward']);
});
afterAll(() => instances.stop());

const revoke = (token: string, by?: Client, hint?: string) =>
  postForm(app.api, '/oauth/revoke', { token, ...(hint && { token_type_hint: hint }) }, by);
const codeAt = async (at: TestApp, token: string) =>
  refusalOf(await at.api.get('/auth/me', { token })).code;

describe('a client’s own token', () => {
  it('is refused on every instance once it is revoked; the next one is good', async () => {
    const token = await clientToken(app.api, client);
    expect(await codeAt(elsewhere, token)).toBeUndefined();
    const answer = await revoke(token, client);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await codeAt(app, token)).toBe('access.token_revoked');
    await eventually(
      async () => expect(await codeAt(elsewhere, token)).toBe('access.token_revoked'),
      { within: 5 },
    );
    expect(await codeAt(app, await clientToken(app.api, client))).toBeUndefined();
  });

  it('is recorded, once', async () => {
    const token = await clientToken(app.api, client);
    await revoke(token, client);
    await revoke(token, client);
    const events = await instances.stores.query(
      `SELECT actor_id, details FROM audit_events
       WHERE action = 'token.revoked' AND target_id = $1`,
      [String(claimsOf(token).jti)],
    );
    expect(events).toEqual([{ actor_id: client.id, details: { clientId: client.id } }]);
  });

  it('is not another client’s to revoke', async () => {
    const token = await clientToken(app.api, client);
    const other = await createClient(app.api, admin);
    expectOAuthError(await revoke(token, other), 400, 'unauthorized_client');
    expect(await codeAt(app, token)).toBeUndefined();
    expect((await revoke(token, steward)).status).toBe(200);
    expect(await codeAt(app, token)).toBe('access.token_revoked');
  });
});

describe('a user’s session', () => {
  it.each(['accessToken', 'refreshToken'] as const)(
    'is not a client’s to end by its %s',
    async (which) => {
      const user = await signUp(app);
      expectOAuthError(await revoke(user[which], client), 400, 'unauthorized_client');
      expect(await codeAt(app, user.accessToken)).toBeUndefined();
      expect((await refresh(app.api, user.refreshToken)).status).toBe(200);
    },
  );

  it.each(['accessToken', 'refreshToken'] as const)(
    'ends by its %s and the word of a client that may end sessions',
    async (which) => {
      const user = await signUp(app);
      expect((await revoke(user[which], steward)).status).toBe(200);
      expect(await codeAt(app, user.accessToken)).toBe('access.token_revoked');
      const after = await refresh(app.api, user.refreshToken);
      expect(refusalOf(after)).toEqual(refused(401, 'auth.session_revoked'));
      const [event] = await instances.stores.query(
        `SELECT actor_id, action FROM audit_events WHERE target_id = $1 ORDER BY id DESC LIMIT 1`,
        [user.sessionId],
      );
      expect(event).toEqual({ actor_id: steward.id, action: 'session.ended' });
    },
  );
});

describe('a token that has gone stale', () => {
  it('ends its session all the same: what it names goes on', async () => {
    const user = await signUp(app);
    await createRole(app, admin, 'stale', []);
    await grantRoles(app, admin, user.userId, ['stale']);
    expect(await codeAt(app, user.accessToken)).toBe('access.token_stale');
    expect((await revoke(user.accessToken, steward)).status).toBe(200);
    const after = await refresh(app.api, user.refreshToken);
    expect(refusalOf(after)).toEqual(refused(401, 'auth.session_revoked'));
  });

  it('of a service is revoked as well', async () => {
    const own = await createClient(app.api, admin, ['steward']);
    const token = await clientToken(app.api, own);
    const path = `/admin/clients/${own.id}`;
    await app.api.patch(path, { roles: [] }, { token: admin.accessToken });
    expect(await codeAt(app, token)).toBe('access.token_stale');
    await revoke(token, own);
    expect(await codeAt(app, token)).toBe('access.token_revoked');
  });
});

describe('what is no live token of this server', () => {
  it('is no error, whoever asks, and changes nothing', async () => {
    const user = await signUp(app);
    const [head, , signature] = user.accessToken.split('.');
    const claims = Buffer.from(JSON.stringify(claimsOf(user.accessToken))).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const parts = partsOf(user.refreshToken);
    const forged = [
      `${head}.${claims}.${'A'.repeat(86)}`,
      `${unsigned}.${claims}.`,
      `${unsigned}.${claims}.${signature}`,
      tokenOf({ ...parts, mac: Buffer.alloc(32) }),
      tokenOf({ ...parts, generation: Buffer.from([0, 0, 0, 9]) }),
      user.sessionId,
      'x',
    ];
    const before = await copyDatabase(instances.stores);
    for (const token of forged) {
      for (const by of [client, steward]) {
        for (const hint of [undefined, 'refresh_token', 'banana']) {
          const answer = await revoke(token, by, hint);
          expect([answer.status, answer.text]).toEqual([200, '']);
        }
      }
    }
    expect(await copyDatabase(instances.stores)).toBe(before);
    expect(await codeAt(app, user.accessToken)).toBeUndefined();
  });

  it('gets nobody past the door', async () => {
    const user = await signUp(app);
    for (const token of [user.accessToken, user.refreshToken]) {
      expectOAuthError(await revoke(token), 401, 'invalid_client');
    }
    expect(await codeAt(app, user.accessToken)).toBeUndefined();
  });
});
