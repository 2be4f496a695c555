import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { COOKIE, cookiesOf, DEVICE_COOKIE } from '../../../builders/browsers.js';
import { clientToken, createClient, postForm } from '../../../builders/clients.js';
import { partsOf } from '../../../builders/sessions.js';
import { listKeys, privateNumbers } from '../../../builders/signing-keys.js';
import { mailTo, tokenIn } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import { sendRaw } from '../../../support/raw-http.js';
import { ServedProcess } from '../../../support/served-process.js';
import type { Ended } from '../../../support/service-process.js';
import { copyDatabase, findSecrets } from '../../../support/store-copies.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { WireTap } from '../../../support/wire-tap.js';

const secret = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`;

/** What nobody may ever read again, wherever a client has put it. */
const canaries = {
  password: secret('password'),
  wrongPassword: secret('wrong-password'),
  newPassword: secret('new-password'),
  bearer: secret('bearer'),
  basic: Buffer.from(`user:${secret('basic')}`).toString('base64'),
  cookie: secret('cookie'),
  refreshToken: `lkr_${secret('refresh')}`,
  query: secret('query'),
  pathParameter: secret('path-parameter'),
  unknownPath: secret('unknown-path'),
  apiKey: secret('api-key'),
  unknownField: secret('unknown-field'),
  brokenJson: secret('broken-json'),
  wrongType: secret('wrong-type'),
  hugeHeader: secret('huge-header'),
  bootstrapPassword: secret('bootstrap-password'),
  appSecret: `${secret('app-secret')} and more than 32 bytes of it`,
  crash: secret('crash'),
  clientSecret: `lks_${secret('client-secret')}`,
  shownToken: secret('shown-token'),
};

/**
 * How the header of a JWT begins, whichever member is first. Three letters would not do: among the
 * random ones of a database they come up by themselves.
 */
const ACCESS_TOKEN = 'eyJ(?:hbGci|0eXAi|raWQi)';
/** How a password hash, every token and a private key begin. */
const TELLTALES = new RegExp(`\\$argon2|Bearer |${ACCESS_TOKEN}|lkr_|lks_|PRIVATE KEY|"d":`, 'g');

const ADMIN_EMAIL = 'root@example.com';

/** Makes a process die of an error that holds what errors of libraries hold. */
const CRASH_ON_SIGNAL = `process.on('SIGUSR2', () => {
  const held = process.env.CRASH_CANARY;
  const error = new Error('nobody catches this', { cause: { held } });
  Promise.reject(Object.assign(error, { parameters: [held], detail: held, request: { held } }));
})`;

let stores: Stores;
let redis: WireTap;
let service: ServedProcess;
const issued: Record<string, string | Buffer> = {};

beforeAll(async () => {
  stores = await createStores();
  redis = await WireTap.start(stores.redisUrl);
  service = await ServedProcess.start(
    { ...stores, redisUrl: redis.url },
    {
      LOG_LEVEL: 'trace',
      THROTTLING: 'on',
      THROTTLE_ADDRESS_REGISTRATIONS: '1000',
      THROTTLE_ADDRESS_MAIL_REQUESTS: '1000',
      EMAIL_VERIFICATION: 'optional',
      EMAIL_SIGN_IN: 'on',
      SINGLE_SIGN_ON: 'on',
      APP_SECRETS: canaries.appSecret,
      BOOTSTRAP_ADMIN_EMAIL: ADMIN_EMAIL,
      BOOTSTRAP_ADMIN_PASSWORD: canaries.bootstrapPassword,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(CRASH_ON_SIGNAL)}`,
      CRASH_CANARY: canaries.crash,
    },
  );
});
afterAll(async () => {
  await service.kill();
  redis.stop();
  await stores.drop();
});

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Keeps what nobody else may: the whole tokens are in nothing that lacks these parts of them. */
function remember(name: string, { accessToken, refreshToken }: Tokens): void {
  const [, payload = '', signature = ''] = accessToken.split('.');
  issued[`${name}: payload`] = payload;
  issued[`${name}: signature`] = signature;
  issued[`${name}: MAC`] = partsOf(refreshToken).mac;
}

/** Everything that a client could do with a password and with tokens, well and badly. */
async function useTheService(): Promise<void> {
  const { api } = service;
  const email = uniqueEmail();
  const { password, wrongPassword, newPassword } = canaries;
  await api.post('/auth/register', { email, password });
  await api.post('/auth/login', { email, password: wrongPassword });
  const first = await signIn(api, email, password);
  remember('first', first);
  const token = first.accessToken;
  const refreshed = await api.post('/auth/refresh', { refreshToken: first.refreshToken });
  remember('refreshed', refreshed.body);
  const change = { currentPassword: password, newPassword };
  await api.post('/auth/password/change', { ...change, currentPassword: wrongPassword }, { token });
  const changed = await api.post(
    '/auth/password/change',
    { ...change, delivery: 'body' },
    { token },
  );
  expect(changed.status).toBe(200);
  remember('after the change', changed.body);
  const browser = await api.post('/auth/login', { email, password: newPassword });
  const cookies = new Map(cookiesOf(browser).map(({ name, value }) => [name, value]));
  const cookie = cookies.get(COOKIE) ?? '';
  issued['device cookie'] = cookies.get(DEVICE_COOKIE) ?? '';
  remember('browser', { ...browser.body, refreshToken: cookie });
  await api.post('/auth/logout', undefined, { cookie: `${COOKIE}=${cookie}` });
  await api.post('/auth/refresh', undefined, { cookie: `${COOKIE}=${cookie}` });
  remember('last', await signIn(api, email, newPassword));
}

/** What a service does with its secret and with the tokens of others, well and badly. */
async function useAsService(): Promise<void> {
  const { api } = service;
  const admin = await signInAdmin();
  const client = await createClient(api, admin, ['user']);
  issued['client secret'] = client.secret;
  const wrong = { ...client, secret: canaries.clientSecret };
  const { accessToken, refreshToken } = await signUp(service);
  remember('shown', { accessToken, refreshToken });
  const inForm = { client_id: client.id, client_secret: client.secret };
  const tokens = [await clientToken(api, client), accessToken, refreshToken, canaries.shownToken];
  remember('of the service', { accessToken: tokens[0] ?? '', refreshToken });
  for (const token of tokens) {
    for (const path of ['/oauth/introspect', '/oauth/revoke']) {
      await postForm(api, path, { token, token_type_hint: 'refresh_token' }, client);
      await postForm(api, path, { token, ...inForm });
      await postForm(api, path, { token }, wrong);
      await postForm(api, path, { token, ...inForm }, client);
    }
    await postForm(api, '/oauth/token', { grant_type: 'refresh_token', refresh_token: token });
  }
  const rotated = await api.post(`/admin/clients/${client.id}/secret`, undefined, {
    token: admin.accessToken,
  });
  issued['new client secret'] = rotated.body.secret;
}

/** Keeps what a mail holds. */
async function rememberMail(email: string, purpose: string) {
  const mail = await mailTo(service, email, purpose);
  const token = tokenIn(mail);
  issued[`${purpose}: token`] = token;
  issued[`${purpose}: MAC`] = Buffer.from(token.slice(4), 'base64url').subarray(16);
  if (mail.code !== null) issued[`${purpose}: code`] = mail.code;
  return { token, code: mail.code };
}

/** Every flow by mail, with proofs where they do not belong before they are redeemed. */
async function useMails(): Promise<void> {
  const { api } = service;
  const email = uniqueEmail();
  const { password, newPassword } = canaries;
  const registered = await api.post('/auth/register', { email, password });
  const [marks = ''] = cookiesOf(registered).map(({ value }) => value);
  for (const [index, mark] of marks.split('.').entries())
    issued[`registration mark ${index}`] = mark;
  const { token: admin } = { token: (await signInAdmin()).accessToken };
  const invited = uniqueEmail();
  await api.post('/admin/users', { email: invited }, { token: admin });
  await api.post('/auth/recovery/request', { email });
  const asked = await api.post('/auth/email-sign-in/request', { email });
  const { ticket } = asked.body;
  issued['sign-in ticket'] = ticket;
  const redeemed = [
    ['email-verification/confirm', await rememberMail(email, 'email-verification'), { password }],
    ['email-sign-in/complete', await rememberMail(email, 'email-sign-in'), { ticket }],
    ['recovery/complete', await rememberMail(email, 'recovery'), { newPassword }],
    ['invitation/accept', await rememberMail(invited, 'invitation'), { newPassword }],
  ] as const;
  for (const [path, { token, code }, more] of redeemed) {
    await api.get(`/auth/${path}?token=${token}`);
    await api.get(`/pages/${token}`, { token });
    await api.post(`/auth/${path}?code=${code}`, { token: [token], ...more });
    await api.post('/auth/login', { email: token, password: code ?? token });
    expect((await api.post(`/auth/${path}`, { token, ...more })).status).toBeLessThan(300);
  }
}

const signInAdmin = () => signIn(service.api, ADMIN_EMAIL, canaries.bootstrapPassword);

/** Everything that changes keys, and what else only an admin does. */
async function administrate(): Promise<void> {
  const { api } = service;
  const admin = await signInAdmin();
  remember('admin', admin);
  const as = { token: admin.accessToken };
  const { userId } = await signUp(service);
  const [{ kid } = { kid: '' }] = await listKeys(api, admin);
  await rememberPrivateKeys();
  const answers = [
    await api.post('/admin/keys/rotate', { force: true }, as),
    await api.post(`/admin/keys/${kid}/revoke`, { reason: 'a drill' }, as),
  ];
  const again = { token: (await signInAdmin()).accessToken };
  answers.push(
    await api.put(`/admin/users/${userId}/roles`, { roles: ['admin'] }, again),
    await api.patch(`/admin/users/${userId}`, { status: 'disabled' }, again),
    await api.post('/admin/sessions/revoke', { filter: { userId }, reason: 'a drill' }, again),
    await api.get('/admin/keys', again),
    await api.get('/admin/audit-events', again),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200]);
  await rememberPrivateKeys();
}

async function rememberPrivateKeys(): Promise<void> {
  const numbers = await privateNumbers(stores, canaries.appSecret);
  expect(numbers.length).toBeGreaterThan(1);
  for (const number of numbers) issued[`private key ${number.toString('hex')}`] = number;
}

async function sendEverywhere(credentials: () => Promise<Record<string, string>>): Promise<void> {
  const { body: description } = await service.api.get('/openapi.json');
  const body = {
    email: uniqueEmail(),
    password: canaries.password,
    currentPassword: canaries.wrongPassword,
    newPassword: canaries.newPassword,
    refreshToken: canaries.refreshToken,
    [canaries.unknownField]: canaries.unknownField,
  };
  for (const [template, operations] of Object.entries<object>(description.paths)) {
    const path = template.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
    for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
      const headers = {
        Cookie: `${COOKIE}=${canaries.cookie}`,
        'X-Api-Key': canaries.apiKey,
        ...(await credentials()),
      };
      const sent = method === 'GET' ? undefined : body;
      await service.api.send(method, `${path}?token=${canaries.query}`, sent, { headers });
      const misused = template.replaceAll(/\{\w+\}/g, canaries.pathParameter);
      if (misused !== template) await service.api.send(method, misused, sent, { headers });
    }
  }
}

async function sendNonsense(): Promise<void> {
  const { api, origin } = service;
  for (const path of ['/auth/login', '/auth/register', '/auth/refresh', '/auth/password/change']) {
    await api.post(path, `{"password":"${canaries.brokenJson}",`);
    await api.post(path, canaries.wrongType, { headers: { 'Content-Type': 'text/plain' } });
  }
  const huge = `${canaries.hugeHeader}${'x'.repeat(20_000)}`;
  await sendRaw(origin, 'GET /auth/me', { Authorization: `Bearer ${huge}` });
  await api.post(`/${canaries.unknownPath}/${canaries.refreshToken}?token=${canaries.query}`);
  await sendRaw(origin, `GET /%ff/${canaries.unknownPath}?token=${canaries.query}`, {
    Cookie: canaries.cookie,
  });
  await api.get(`/auth/me?access_token=${canaries.query}`, { token: canaries.bearer });
}

/** Lets the database refuse what it stores, so that its complaints find their way into the log. */
async function failInside(): Promise<void> {
  const { api } = service;
  const { email, accessToken: token, refreshToken } = await signUp(service);
  remember('failing', { accessToken: token, refreshToken });
  const tables = ['users', 'sessions', 'audit_events'];
  for (const table of tables) {
    await stores.query(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  }
  const password = 'correct horse battery staple';
  const change = { currentPassword: password, newPassword: canaries.newPassword };
  const statuses = [
    await api.post('/auth/register', { email: uniqueEmail(), password: canaries.password }),
    await api.post('/auth/login', { email, password }),
    await api.post('/auth/refresh', { refreshToken }),
    await api.post('/auth/password/change', change, { token }),
    await api.post('/auth/logout', { refreshToken }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([500, 500, 500, 500, 500]);
  for (const table of tables) await stores.query(`ALTER TABLE ${table} DROP CONSTRAINT broken`);
}

describe('what clients send and are given', () => {
  let log: string;
  let database: string;
  let commands: string;
  let metrics: string;
  let crash: Ended;

  beforeAll(async () => {
    await useTheService();
    await useAsService();
    await useMails();
    await sendEverywhere(async () => ({}));
    await sendEverywhere(async () => ({ Authorization: `Bearer ${canaries.bearer}` }));
    await sendEverywhere(async () => ({ Authorization: `Basic ${canaries.basic}` }));
    await sendEverywhere(async () => ({
      Authorization: `Bearer ${(await signUp(service)).accessToken}`,
    }));
    await sendEverywhere(async () => ({
      Authorization: `Bearer ${(await signInAdmin()).accessToken}`,
    }));
    await administrate();
    await sendNonsense();
    await failInside();
    const { requestId } = (await service.api.get('/the-last-request')).body;
    await eventually(() => expect(service.log.includes(requestId)).toBe(true), { within: 5 });
    log = service.log;
    database = await copyDatabase(stores);
    commands = redis.take();
    metrics = (await service.api.get('/metrics')).text;
    crash = await service.stop('SIGUSR2');
  });

  const secrets = () => ({ ...canaries, ...issued });

  it('are what is looked for, the device cookie too', () => {
    expect(issued['device cookie']).toMatch(/^[\w-]{64}$/);
  });

  it('are in no line of the log, not even of a failure', async () => {
    expect(log.includes('"route":"/auth/login"')).toBe(true);
    expect(log.includes('"method":"DELETE","route":"/auth/sessions/:id"')).toBe(true);
    expect(log.includes('"method":"POST","route":"unknown"')).toBe(true);
    const failures = log.match(/"level":50.*server\.internal.*violates check constraint/g);
    expect(failures).toHaveLength(5);
    expect(findSecrets(log, secrets())).toEqual([]);
    expect(log.match(TELLTALES)).toBeNull();
    const keys = await stores.query<{ key: Buffer }>('SELECT family_key AS key FROM sessions');
    const named = Object.fromEntries(keys.map(({ key }, index) => [`family key ${index}`, key]));
    expect(findSecrets(log, named)).toEqual([]);
  });

  it('are in no table of the database', () => {
    expect(database.includes('sign_in.failed')).toBe(true);
    expect(database.includes('$argon2id$')).toBe(true);
    expect(findSecrets(database, secrets())).toEqual([]);
    expect(database.match(new RegExp(`${ACCESS_TOKEN}|lkr_`))).toBeNull();
  });

  it('have never been sent to Redis', () => {
    expect(/xadd/i.test(commands)).toBe(true);
    expect(findSecrets(commands, secrets())).toEqual([]);
  });

  it('are in nothing that a process says when it dies of an error that nobody caught', () => {
    const { exitCode, output, errors } = crash;
    expect(exitCode).toBe(1);
    expect(output.slice(log.length)).toMatch(/"level":60.*nobody catches this/);
    expect(findSecrets(output + errors, secrets())).toEqual([]);
    expect((output + errors).match(TELLTALES)).toBeNull();
  });

  it('are in no metric', () => {
    const signedIn =
      /latchkey_request_duration_seconds_count\{method="POST",route="\/auth\/login",status="200"\} \d/;
    expect(metrics).toMatch(signedIn);
    expect(findSecrets(metrics, secrets())).toEqual([]);
  });
});
