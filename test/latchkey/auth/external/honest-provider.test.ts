import { decodeJwt } from 'jose';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IdentityTokenStore } from '../../../../src/latchkey/users/identities/identity-token-store.js';
import { signUp } from '../../../builders/accounts.js';
import {
  destinationOf,
  ExternalVisitor,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import {
  FOREIGN_INSTALL_MILLISECONDS,
  installForeignPackages,
} from '../../../support/foreign-packages.js';
import { ForeignProgram } from '../../../support/foreign-program.js';
import { CLIENT_ID, CLIENT_SECRET } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';
import { WithCalendar } from './calendar-feature.js';

let provider: ForeignProgram;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  await installForeignPackages();
  const client = {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [`${ISSUER}/auth/external/acme/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
  };
  provider = await ForeignProgram.serve('honest-provider', {
    CLIENTS: JSON.stringify([client]),
    // Less than is left of a token that a feature gets.
    ACCESS_TOKEN_SECONDS: '20',
  });
  const settings = { ...settingsOf({ issuer: provider.origin }), EXTERNAL_ACME_KEEP_TOKENS: 'on' };
  app = await startTestApp(settings, { module: WithCalendar });
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

/** Somebody at a browser who has an account at `oidc-provider`. */
class Visitor extends ExternalVisitor {
  private readonly kept = new Map<string, string>();

  constructor(private readonly account: string) {
    super(app);
  }

  /** Goes from page to page there, until it leads back. */
  override async authorize(address: string): Promise<string> {
    let next = new URL(address);
    while (next.origin === provider.origin) {
      if (next.pathname.startsWith('/interaction/')) next.searchParams.set('as', this.account);
      next = new URL(await this.follow(next), next);
    }
    return next.href;
  }

  private async follow(address: URL): Promise<string> {
    const cookie = [...this.kept].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.kept.set(name, value);
    }
    const to = response.headers.get('location');
    if (to === null) throw new Error(`It answered ${response.status}: ${await response.text()}`);
    return to;
  }

  async me() {
    const token = (await this.accessToken()) ?? '';
    return { token, ...(await app.api.get('/users/me', { token })).body };
  }
}

const SIGNED_IN = { address: `${ISSUER}/app`, fragment: {} };

it('signs somebody in who has an account at oidc-provider, and in again as the same', async () => {
  const account = uniqueSubject();
  const first = new Visitor(account);
  expect(await first.signIn()).toEqual(SIGNED_IN);
  const me = await first.me();
  expect(me).toMatchObject({ email: `${account}@example.com`, emailVerified: true, name: account });
  expect(decodeJwt(me.token)).toMatchObject({ amr: ['fed'] });

  expect(await first.signIn()).toEqual(SIGNED_IN);
  const elsewhere = new Visitor(account);
  expect(await elsewhere.signIn()).toEqual(SIGNED_IN);
  expect((await elsewhere.me()).id).toBe(me.id);
  expect((await first.me()).id).toBe(me.id);

  const somebodyElse = new Visitor(uniqueSubject());
  await somebodyElse.signIn();
  expect((await somebodyElse.me()).id).not.toBe(me.id);
});

it('links an identity of oidc-provider to an account that there is, which it then signs in to', async () => {
  const user = await signUp(app);
  const account = uniqueSubject();
  const visitor = new Visitor(account);
  const { body } = await visitor.post('/auth/external/acme/link', undefined, user.accessToken);
  const query = { link: String(body.ticket), returnTo: '/app' };
  expect(await visitor.signIn(query)).toEqual(SIGNED_IN);
  const { body: list } = await app.api.get('/auth/identities', { token: user.accessToken });
  expect(list.items).toMatchObject([{ issuer: provider.origin }]);

  const later = new Visitor(account);
  expect(await later.signIn()).toEqual(SIGNED_IN);
  expect((await later.me()).id).toBe(user.userId);
});

it('redeems no code of oidc-provider a second time', async () => {
  const visitor = new Visitor(uniqueSubject());
  const callback = await visitor.authorize(await visitor.start({ returnTo: '/app' }));
  expect(destinationOf(await visitor.comeBack(callback))).toEqual(SIGNED_IN);
  const again = destinationOf(await visitor.comeBack(callback));
  expect(again.fragment).toMatchObject({ error: 'auth.external_state_invalid' });
});

it('keeps what oidc-provider gives, refreshes it each time that it is over, and asks anew once it is revoked there', async () => {
  const account = uniqueSubject();
  const visitor = new Visitor(account);
  expect(await visitor.signIn()).toEqual(SIGNED_IN);
  const { token } = await visitor.me();
  const api = encodeURIComponent(`${provider.origin}/me`);
  const calendar = () => app.api.get(`/calendar?api=${api}`, { token });
  const seen = new Set<string>();
  // A refresh token that was used before ends everything there: each is the one that was given last.
  for (let turn = 0; turn < 4; turn += 1) {
    const { status, body } = await calendar();
    expect([status, body.sub]).toEqual([200, account]);
    seen.add(body.fingerprint);
  }
  expect(seen.size).toBe(4);

  const kept = app.nest.get(IdentityTokenStore, { strict: false });
  const { manager } = app.nest.get(DataSource);
  const [{ user_id: userId } = {}] = await app.stores.query(
    'SELECT user_id FROM identities WHERE subject = $1',
    [account],
  );
  const found = await kept.find(manager, String(userId), 'acme');
  const revoked = await fetch(`${provider.origin}/token/revocation`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${btoa(`${CLIENT_ID}:${encodeURIComponent(CLIENT_SECRET)}`)}`,
    },
    body: new URLSearchParams({ token: found?.tokens?.refreshToken ?? '' }),
  });
  expect(revoked.status).toBe(200);
  expect(refusalOf(await calendar())).toEqual(refused(409, 'auth.external_sign_in_needed'));
  expect(await visitor.signIn()).toEqual(SIGNED_IN);
  expect((await calendar()).body).toMatchObject({ sub: account });
});
