/** What the routes of single sign-on that anybody may ask admit, and that nobody uses up what is another's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  registerApp,
  signUpAtBrowser,
} from '../../builders/apps.js';
import { basicOf } from '../../builders/clients.js';
import { headersOf } from '../../builders/places.js';
import type { Answer } from '../../support/api-client.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { retryAfterOf, somewhere, THROTTLED } from '../auth/throttling/guesses.js';

/** The least that every one of the settings takes. */
const FEW = 4;
const CODE = 'throttle.too_many_requests';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let shop: App;
let spa: App;
let tv: App;
beforeAll(async () => {
  app = await startTestApp({
    ...THROTTLED,
    SINGLE_SIGN_ON: 'on',
    THROTTLE_ADDRESS_AUTHORIZATIONS: String(FEW),
    THROTTLE_ADDRESS_EXTERNAL_STARTS: String(FEW),
    THROTTLE_CLIENT_TOKENS: String(FEW),
    THROTTLE_USER_DEVICE_CODES: String(FEW),
  });
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  spa = await registerApp(app.api, admin, { type: 'public' });
  const device = { type: 'public', redirectUris: [], deviceFlow: true };
  tv = await registerApp(app.api, admin, device);
});
afterAll(() => app[Symbol.asyncDispose]());

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const sendForm = (path: string, form: Record<string, string>, headers: Record<string, string>) =>
  app.api.post(path, new URLSearchParams(form).toString(), { headers: { ...FORM, ...headers } });

/** Answers up to the quota, then refuses, and says for how long: as problem or as OAuth has it. */
async function expectQuota(ask: () => Promise<Answer<unknown>>, status: number): Promise<void> {
  for (let times = 0; times < FEW; times += 1) expect((await ask()).status).toBe(status);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.text).toContain(CODE);
  expect(retryAfterOf(refused)).toBeGreaterThan(0);
}

it.each<[string, (ip: string, cookie?: string) => Promise<Answer<unknown>>, number]>([
  [
    'GET /oauth/end-session',
    (ip, cookie) => app.api.get('/oauth/end-session', { headers: headersOf({ ip }), cookie }),
    303,
  ],
  [
    'POST /oauth/end-session',
    (ip, cookie) =>
      app.api.post('/oauth/end-session', '', {
        headers: { ...FORM, ...headersOf({ ip }) },
        cookie,
      }),
    303,
  ],
  [
    'the question of the sign-out page',
    (ip, cookie) =>
      app.api.post(
        '/auth/sign-out/question',
        { request: '' },
        { headers: headersOf({ ip }), cookie },
      ),
    200,
  ],
  [
    'its yes',
    (ip, cookie) =>
      app.api.post('/auth/sign-out', { request: '' }, { headers: headersOf({ ip }), cookie }),
    200,
  ],
])(
  '%s: a stranger is stopped, and nobody who is signed in at the same address, nor anybody elsewhere',
  async (_, ask, status) => {
    const ip = somewhere();
    const ada = await signUpAtBrowser(app);
    await expectQuota(() => ask(ip), status);
    expect((await ask(somewhere())).status).toBe(status);
    expect((await ask(ip, ada.cookie)).status).toBe(status);
  },
);

it('the browser of one who is signed in has a quota, which is not that of the next', async () => {
  const ip = somewhere();
  const [ada, bob] = [await signUpAtBrowser(app), await signUpAtBrowser(app)];
  const ask = (cookie: string) =>
    app.api.post(
      '/auth/sign-out/question',
      { request: '' },
      { headers: headersOf({ ip }), cookie },
    );
  await expectQuota(() => ask(ada.cookie), 200);
  expect((await ask(bob.cookie)).status).toBe(200);
  expect((await ask('')).status).toBe(200);
});

it('sign-ins at apps are begun so often from an address, which a person reads as well', async () => {
  const begin = (ip: string, accept = '*/*') =>
    app.api.get('/oauth/authorize', { headers: { Accept: accept, ...headersOf({ ip }) } });
  const ip = somewhere();
  await expectQuota(() => begin(ip), 400);
  expect((await begin(ip, 'text/html')).text).toContain(CODE);
  expect((await begin(somewhere())).status).toBe(400);
});

it('codes of devices cannot be guessed: an account has so many tries, and takes none from another one', async () => {
  const [eve, bob] = [await signUpAtBrowser(app), await signUpAtBrowser(app)];
  const guess = ({ accessToken: token }: AtBrowser) =>
    app.api.post('/auth/device/question', { userCode: 'BBBB-BBBB' }, { token });
  await expectQuota(() => guess(eve), 404);
  expect(refusalOf(await guess(bob))).toEqual(refused(404, 'device.code_invalid'));
});

it('a device begins so often from an address, and elsewhere all the same', async () => {
  const begin = (ip: string) =>
    sendForm(
      '/oauth/device_authorization',
      { client_id: tv.id, scope: 'openid' },
      headersOf({ ip }),
    );
  const ip = somewhere();
  await expectQuota(() => begin(ip), 200);
  expect((await begin(somewhere())).status).toBe(200);
});

it('requests of a public client are pushed so often from an address, and elsewhere all the same', async () => {
  const push = (ip: string) => sendForm('/oauth/par', askFor(spa).parameters, headersOf({ ip }));
  const ip = somewhere();
  await expectQuota(() => push(ip), 201);
  expect((await push(somewhere())).status).toBe(201);
});

it('those of a client with a secret are counted for the client: strangers use up nothing of it', async () => {
  const { id, secret = '' } = shop;
  const push = (ip: string, shown: string) =>
    sendForm('/oauth/par', askFor(shop).parameters, {
      ...basicOf({ id, secret: shown }),
      ...headersOf({ ip }),
    });
  const ip = somewhere();
  for (let times = 0; times < 2 * FEW; times += 1) {
    expect((await push(ip, 'wrong')).status).toBe(401);
  }
  await expectQuota(() => push(ip, secret), 201);
  expect((await push(somewhere(), secret)).status).toBe(429);
});
