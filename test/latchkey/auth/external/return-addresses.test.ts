import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPath } from '../../../../src/latchkey/auth/external/return-addresses.js';
import { uniqueEmail } from '../../../builders/accounts.js';
import { ExternalVisitor, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';

const LISTED = 'https://app.example.com/signed-in?from=latchkey';

/** What browsers may read as another place, or as no path. */
const REFUSED = [
  '//evil.example',
  '///evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  '/\\evil.example',
  '/x/..\\\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\u0000/evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/app#error=x',
  '/ü',
  'app',
  '.',
  '?x',
  '#x',
  'https://evil.example/',
  'https:evil.example',
  'http://latchkey.test@evil.example/',
  'http://latchkey.test.evil.example/',
  `${ISSUER}/app`,
  'javascript:alert(1)',
  'data:text/html,x',
  'https://app.example.com/signed-in',
  `${LISTED}&more`,
  LISTED.toUpperCase(),
  'https://app.example.com/signed-in/../other?from=latchkey',
];
const ACCEPTED = ['/', '/app', '/app/x?y=1&z=%2F%2Fevil.example', '/a:b@c', '/x//y', '/x/../y'];

let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  app = await startTestApp({ ...settingsOf(provider), EXTERNAL_RETURN_URLS: LISTED });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

describe('a sign-in ends at', () => {
  it.each(ACCEPTED)('%j, a path of this server', async (path) => {
    const own = ownPath(path, ISSUER);
    expect(new URL(own ?? '').origin).toBe(ISSUER);
    provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
    const { address } = await new ExternalVisitor(app).signIn({ returnTo: path });
    expect(address).toBe(own);
  });

  it('an address that is listed, letter by letter', async () => {
    provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
    const visitor = new ExternalVisitor(app);
    expect(await visitor.signIn({ returnTo: LISTED })).toEqual({ address: LISTED, fragment: {} });
  });

  it.each(REFUSED)('never at %j', async (returnTo) => {
    expect(ownPath(returnTo, ISSUER)).toBeNull();
    const query = new URLSearchParams({ returnTo });
    const answer = await app.api.get(`/auth/external/acme/start?${query}`);
    expect(refusalOf(answer)).toEqual(invalid('returnTo'));
    expect(answer.headers.get('location')).toBeNull();
  });

  it('nowhere else by its length, or by being sent twice', async () => {
    for (const query of [`returnTo=/${'x'.repeat(2_000)}`, 'returnTo=/a&returnTo=/b', 'returnTo='])
      expect((await app.api.get(`/auth/external/acme/start?${query}`)).status).toBe(400);
  });
});
