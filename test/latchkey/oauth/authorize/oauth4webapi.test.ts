import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  authorize,
  CALLBACK,
  consent,
  registerApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';

const GOODBYE = 'https://shop.example.com/goodbye';

let app: Awaited<ReturnType<typeof startTestApp>>;
let shop: App;
let ada: AtBrowser;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  const fields = { postLogoutRedirectUris: [GOODBYE] };
  shop = await registerApp(app.api, await signUpAdmin(app), fields);
  ada = await signUpAtBrowser(app);
  const issuer = new URL(ISSUER);
  const discovered = await oauth.discoveryRequest(issuer, options());
  server = await oauth.processDiscoveryResponse(issuer, discovered);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The issuer's name, as a resolver would have it, stands for the port of this test. */
const options = () => ({
  [oauth.customFetch]: (url: string, init: object) => fetch(url.replace(ISSUER, app.origin), init),
  [oauth.allowInsecureRequests]: true,
});

it('oauth4webapi signs in, calls, refreshes in parallel, revokes, and signs out', async () => {
  const client: oauth.Client = { client_id: shop.id };
  const authentication = oauth.ClientSecretBasic(shop.secret ?? '');
  const [verifier, state, nonce] = [
    oauth.generateRandomCodeVerifier(),
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
  ];
  const asked = {
    client_id: shop.id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  };
  const led = await consent(app.api, ada, await authorize(app.api, asked, ada.cookie));
  const answer = new URL(`${led.to}?${new URLSearchParams(led.query)}`);
  const parameters = oauth.validateAuthResponse(server, client, answer, state);
  const redeemed = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    CALLBACK,
    verifier,
    options(),
  );
  const checks = { expectedNonce: nonce, requireIdToken: true };
  const granted = await oauth.processAuthorizationCodeResponse(server, client, redeemed, checks);
  await oauth.validateApplicationLevelSignature(server, redeemed, options());
  expect(oauth.getValidatedIdTokenClaims(granted)?.sub).toBe(ada.userId);

  const asking = await oauth.userInfoRequest(server, client, granted.access_token, options());
  const about = await oauth.processUserInfoResponse(server, client, ada.userId, asking);
  expect(about).toEqual({ sub: ada.userId, email: ada.email, email_verified: false });

  const refresh = async (refresh_token = granted.refresh_token ?? '') => {
    const sent = [server, client, authentication, refresh_token, options()] as const;
    return oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(...sent),
    );
  };
  const refreshed = await Promise.all(Array.from({ length: 20 }, () => refresh()));
  expect(new Set(refreshed.map(({ refresh_token }) => refresh_token)).size).toBe(1);
  const { refresh_token: token = '' } = await refresh(refreshed[0]?.refresh_token);

  const revoking = [server, client, authentication, token, options()] as const;
  await oauth.processRevocationResponse(await oauth.revocationRequest(...revoking));
  await expect(refresh(token)).rejects.toMatchObject({ error: 'invalid_grant' });

  // The library finds where to sign out, and leaves the rest to its user.
  const ending = new URLSearchParams({
    id_token_hint: granted.id_token ?? '',
    post_logout_redirect_uri: GOODBYE,
    state,
  });
  const { pathname } = new URL(server.end_session_endpoint ?? '');
  const { cookie } = ada;
  const page = await app.api.get(`${pathname}?${ending}`, { cookie });
  const [, request] = page.headers.get('location')?.split('#') ?? [];
  const ended = await app.api.post('/auth/sign-out', { request }, { cookie });
  expect(ended.body.goOn).toBe(`${GOODBYE}?state=${state}`);
  expect((await app.api.get('/auth/me', { token: ada.accessToken })).status).toBe(401);
});
