import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import { mailProof } from '../../../builders/mail-proofs.js';
import { startChromium } from '../../../support/chromium.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

let stores: Stores;
let app: TestApp;
let way: TcpProxy;
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
  stores = await createStores();
  // The origin is part of what is set, and so known before the server.
  way = await TcpProxy.start(0);
  const env = {
    WEBAUTHN_RP_ID: 'localhost',
    WEBAUTHN_ORIGINS: `http://localhost:${way.port}`,
    COOKIE_INSECURE: 'true',
  };
  app = await TestApp.start({ stores, env });
  way.redirect(Number(new URL(app.origin).port));
});
afterAll(async () => {
  await browser?.close();
  await way?.stop();
  await app?.stop();
  await stores?.drop();
});

/** What a page does with nothing but what browsers have. */
const PAGE = `globalThis.send = async (path, body, token) => {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: 'Bearer ' + token }) };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
  return answer.json();
};
globalThis.addPasskey = async (token, proof) => {
  const { challenge, publicKey } = await send('/auth/passkeys/options', undefined, token);
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  const credential = await navigator.credentials.create({ publicKey: options });
  return send('/auth/passkeys', { challenge, credential: credential.toJSON(), ...proof }, token);
};
globalThis.showPasskey = async () => {
  const { challenge, publicKey } = await send('/auth/passkeys/sign-in/options');
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  const credential = await navigator.credentials.get({ publicKey: options });
  return { challenge, credential: credential.toJSON() };
};`;

/** A page with an authenticator that is part of the device and always knows its user. */
async function openPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(PAGE);
  await page.goto(`http://localhost:${way.port}/health/live`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  return page;
}

const run = <T>(page: Page, script: string) => page.evaluate<T>(`(async () => ${script})()`);

it(
  'Chromium makes a passkey, shows it as second factor, and signs in by it alone, in two tabs at once',
  async () => {
    const page = await openPage();
    const email = uniqueEmail();
    const account = JSON.stringify({ email, password: PASSWORD });
    const { accessToken } = await run<{ accessToken: string }>(
      page,
      `send('/auth/register', ${account}).then(() => send('/auth/login', ${account}))`,
    );
    const proof = JSON.stringify(await mailProof(app, { email, accessToken }));
    const added = await run<{ kind: string }>(page, `addPasskey('${accessToken}', ${proof})`);
    expect(added).toMatchObject({ kind: 'passkey' });

    const second = await run<Record<string, unknown>>(
      page,
      `{
        const { challenge, methods } = await send('/auth/login', ${account});
        const { credential } = await showPasskey();
        const shown = { challenge, method: methods[0], credential };
        return send('/auth/login/second-factor', shown);
      }`,
    );
    expect(second).toMatchObject({ acr: 'phr', sessionId: expect.any(String) });

    const alone = await run<Record<string, unknown>[]>(
      page,
      `{
        const one = await showPasskey();
        const other = await showPasskey();
        return Promise.all([one, other].map((shown) => send('/auth/passkeys/sign-in', shown)));
      }`,
    );
    for (const session of alone) expect(session).toMatchObject({ acr: 'phr' });

    const again = await run<string>(
      page,
      `addPasskey('${accessToken}').then(() => 'added', (error) => error.name)`,
    );
    expect(again).not.toBe('added');
  },
  onThisMachine(60_000),
);
