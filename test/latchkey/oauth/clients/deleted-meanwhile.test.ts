import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type AtBrowser,
  askFor,
  authorize,
  codeFor,
  registerApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { claimsFor, formOf, newClientKey, sign } from '../../../builders/client-keys.js';
import { postForm } from '../../../builders/clients.js';
import type { Answer } from '../../../support/api-client.js';
import { eventually } from '../../../support/eventually.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let ada: AtBrowser;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  ada = await signUpAtBrowser(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Deletes a row in a transaction that commits when a request has come so far that it waits for it. */
async function deletedMeanwhile(
  id: string,
  request: () => Promise<Answer>,
  table: 'oauth_clients' | 'users' = 'oauth_clients',
): Promise<Answer> {
  const client = new pg.Client({ connectionString: app.stores.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
    const answer = request();
    await eventually(
      async () => {
        const waiting = await app.stores.query(
          `SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(waiting.length).toBeGreaterThan(0);
      },
      { within: 5 },
    );
    await client.query('COMMIT');
    return await answer;
  } finally {
    await client.end();
  }
}

const asDevice = () =>
  registerApp(app.api, admin, { type: 'public', redirectUris: [], deviceFlow: true });
const beginDevice = (id: string) =>
  postForm(app.api, '/oauth/device_authorization', { scope: 'openid', client_id: id });

it('a client that is deleted while it shows its signature has failed to authenticate', async () => {
  const key = await newClientKey();
  const { id } = await registerApp(app.api, admin, { jwks: { keys: [key.publicJwk] } });
  const form = formOf(await sign(key, claimsFor(id)));
  const { status, body } = await deletedMeanwhile(id, () =>
    postForm(app.api, '/oauth/token', { grant_type: 'client_credentials', ...form }),
  );
  expect([status, body.error]).toEqual([401, 'invalid_client']);
});

it('a client that is deleted while a device begins is unknown', async () => {
  const { id } = await asDevice();
  const { status, body } = await deletedMeanwhile(id, () => beginDevice(id));
  expect([status, body.error]).toEqual([401, 'invalid_client']);
});

it('a client that is deleted while its user says yes to a device gets nothing', async () => {
  const { id } = await asDevice();
  const { user_code: userCode } = (await beginDevice(id)).body;
  const { status, body } = await deletedMeanwhile(id, () =>
    app.api.post('/auth/device', { userCode }, { token: ada.accessToken }),
  );
  expect([status, body.code]).toEqual([404, 'device.code_invalid']);
});

it('a client that is deleted while its user says yes to it gets nothing', async () => {
  const shop = await registerApp(app.api, admin);
  const { sealed } = await authorize(app.api, askFor(shop).parameters, ada.cookie);
  const { status, body } = await deletedMeanwhile(shop.id, () =>
    app.api.post('/auth/consents', { request: sealed }, { token: ada.accessToken }),
  );
  expect([status, body.code]).toEqual([400, 'consents.request_over']);
});

it('a client that is deleted while a resource is registered for it is none', async () => {
  const { id } = await registerApp(app.api, admin);
  const resource = {
    identifier: 'https://orders.example.com',
    name: 'Orders',
    scopes: [{ name: 'orders:read', description: 'See your orders' }],
    clientId: id,
  };
  const answer = await deletedMeanwhile(id, () =>
    app.api.post('/admin/resources', resource, { token: admin.accessToken }),
  );
  expect(refusalOf(answer)).toEqual(invalid('clientId'));
});

describe('an account that is deleted while its owner', () => {
  it('says yes to an app', async () => {
    const grace = await signUpAtBrowser(app);
    const shop = await registerApp(app.api, admin);
    const { sealed } = await authorize(app.api, askFor(shop).parameters, grace.cookie);
    const { status } = await deletedMeanwhile(
      grace.userId,
      () => app.api.post('/auth/consents', { request: sealed }, { token: grace.accessToken }),
      'users',
    );
    expect(status).toBe(400);
  });

  it('says yes to a device', async () => {
    const grace = await signUpAtBrowser(app);
    const { user_code: userCode } = (await beginDevice((await asDevice()).id)).body;
    const { status } = await deletedMeanwhile(
      grace.userId,
      () => app.api.post('/auth/device', { userCode }, { token: grace.accessToken }),
      'users',
    );
    expect(status).toBe(404);
  });

  it('is sent back to an app', async () => {
    const grace = await signUpAtBrowser(app);
    const shop = await registerApp(app.api, admin);
    await codeFor(app.api, shop, grace);
    const { status } = await deletedMeanwhile(
      grace.userId,
      () =>
        app.api.get(`/oauth/authorize?${new URLSearchParams(askFor(shop).parameters)}`, {
          cookie: grace.cookie,
        }),
      'users',
    );
    expect(status).toBe(303);
  });
});
