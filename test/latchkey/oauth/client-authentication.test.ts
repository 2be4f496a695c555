import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import { basicOf, type Client, createClient, postForm } from '../../builders/clients.js';
import { headersOf } from '../../builders/places.js';
import { expectOAuthError } from '../../support/expect-oauth-error.js';
import { startTestApp } from '../../support/test-app.js';
import { letTimePass, retryAfterOf, somewhere, THROTTLED } from '../auth/throttling/guesses.js';

const QUOTA = 5;
const ENDPOINTS: readonly (readonly [string, Record<string, string>])[] = [
  ['/oauth/token', { grant_type: 'client_credentials' }],
  ['/oauth/introspect', { token: 'x' }],
  ['/oauth/revoke', { token: 'x' }],
];

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let client: Client;
beforeAll(async () => {
  app = await startTestApp({ ...THROTTLED, THROTTLE_ADDRESS_REFUSED_CLIENTS: String(QUOTA) });
  admin = await signUpAdmin(app);
  client = await createClient(app.api, admin);
});
afterAll(() => app[Symbol.asyncDispose]());

/** From an address of its own, so that no test uses up what another may do. */
const elsewhere = () => headersOf({ ip: somewhere() });
const change = (id: string, body: object) =>
  app.api.patch(`/admin/clients/${id}`, body, { token: admin.accessToken });

describe.each(ENDPOINTS)('at %s', (path, form) => {
  const ask = (by?: Client, extra: object = {}, headers = elsewhere()) =>
    postForm(app.api, path, { ...form, ...extra }, by, headers);

  const expectRefused = (answer: Awaited<ReturnType<typeof ask>>) => {
    expectOAuthError(answer, 401, 'invalid_client');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="latchkey"/);
  };

  it('a client shows its secret by HTTP Basic', async () => {
    expect((await ask(client)).status).toBe(200);
  });

  it('or in the form', async () => {
    const { id, secret } = client;
    expect((await ask(undefined, { client_id: id, client_secret: secret })).status).toBe(200);
    expect((await ask(client, { client_id: id })).status).toBe(200);
  });

  it('but not in both, and not as two clients', async () => {
    const { id, secret } = client;
    const twice = await ask(client, { client_id: id, client_secret: secret });
    expectOAuthError(twice, 400, 'invalid_request');
    const other = await createClient(app.api, admin);
    expectOAuthError(await ask(client, { client_id: other.id }), 400, 'invalid_request');
  });

  it('nobody is let in who does not say who they are', async () => {
    expectRefused(await ask());
    expectRefused(await ask(undefined, { client_id: client.id }));
    expectRefused(await ask(undefined, { client_secret: client.secret }));
  });

  it.each([
    ['no Basic', 'Bearer x'],
    ['no base64', 'Basic %%%'],
    ['no colon', `Basic ${Buffer.from('abc').toString('base64')}`],
    ['a broken encoding', `Basic ${Buffer.from('%zz:%zz').toString('base64')}`],
    ['nothing at all', `Basic ${Buffer.from(':').toString('base64')}`],
    ['a NUL', `Basic ${Buffer.from('a\0:b\0').toString('base64')}`],
  ])('nobody is let in by %s', async (_, Authorization) => {
    expectRefused(await ask(undefined, {}, { ...elsewhere(), Authorization }));
  });

  it('nobody is let in by a wrong secret, or as a client that there is not', async () => {
    const { id, secret } = client;
    const other = await createClient(app.api, admin);
    for (const wrong of [
      { id, secret: `${secret}x` },
      { id, secret: secret.toUpperCase() },
      { id, secret: '' },
      { id, secret: other.secret },
      { id: '0190f3c0-0000-7000-8000-000000000000', secret },
      { id: 'latchkey', secret },
      { id: "' OR 1=1 --", secret },
    ]) {
      expectRefused(await ask(wrong));
    }
  });

  it('a client that is disabled is not let in, until it is enabled', async () => {
    const service = await createClient(app.api, admin);
    expect((await change(service.id, { status: 'disabled' })).status).toBe(200);
    expectRefused(await ask(service));
    expect((await change(service.id, { status: 'active' })).status).toBe(200);
    expect((await ask(service)).status).toBe(200);
  });

  it('a client that is deleted is not let in', async () => {
    const service = await createClient(app.api, admin);
    await app.api.delete(`/admin/clients/${service.id}`, { token: admin.accessToken });
    expectRefused(await ask(service));
  });

  it('parameters that are there twice are refused, unknown ones are ignored', async () => {
    const twice = [...Object.entries(form), ...Object.entries(form)];
    const answer = await postForm(app.api, path, twice, client, elsewhere());
    expectOAuthError(answer, 400, 'invalid_request');
    expect((await ask(client, { audience: 'x', __proto__x: 'y' })).status).toBe(200);
  });

  it('JSON is refused, and so is a form where JSON is expected', async () => {
    const headers = { ...elsewhere(), ...basicOf(client) };
    expect((await app.api.post(path, form, { headers })).status).toBe(415);
    expect((await postForm(app.api, '/auth/login', form, client, headers)).status).toBe(415);
  });
});

describe('guessing at secrets', () => {
  const guess = (headers: Record<string, string>) =>
    postForm(app.api, '/oauth/introspect', { token: 'x' }, { ...client, secret: 'lks_x' }, headers);
  const failuresOf = (ip: string) =>
    app.stores.query(
      `SELECT target_id FROM audit_events
       WHERE action = 'client.authentication_failed' AND ip = $1::inet`,
      [ip],
    );

  it('is counted for the address, and recorded as often and no oftener', async () => {
    const ip = somewhere();
    const statuses: number[] = [];
    for (let turn = 0; turn < QUOTA + 3; turn += 1) {
      statuses.push((await guess(headersOf({ ip }))).status);
    }
    expect(statuses).toEqual([...Array(QUOTA).fill(401), 429, 429, 429]);
    const refused = await guess(headersOf({ ip }));
    expectOAuthError(refused, 429, 'temporarily_unavailable');
    expect(refused.body.code).toBe('throttle.too_many_requests');
    expect(retryAfterOf(refused)).toBeGreaterThan(800);
    expect(await failuresOf(ip)).toEqual(Array(QUOTA).fill({ target_id: client.id }));
    await letTimePass(app.stores, 900);
    expect((await guess(headersOf({ ip }))).status).toBe(401);
  });

  it('keeps nobody out who knows their secret', async () => {
    const headers = elsewhere();
    for (let turn = 0; turn < QUOTA + 1; turn += 1) await guess(headers);
    const answer = await postForm(app.api, '/oauth/introspect', { token: 'x' }, client, headers);
    expect([answer.status, answer.body]).toEqual([200, { active: false }]);
  });
});
