import type { CDPSession, Page } from 'playwright-core';
import { createStores } from './stores.js';
import { TcpProxy } from './tcp-proxy.js';
import { TestApp } from './test-app.js';

/** A server whose passkeys are those of `localhost`, where browsers take plain HTTP for secure. */
export interface PasskeyApp extends AsyncDisposable {
  readonly app: TestApp;
  /** As its pages see it. */
  readonly origin: string;
}

export async function startPasskeyApp(env: Record<string, string> = {}): Promise<PasskeyApp> {
  const stores = await createStores();
  // The origin is part of what is set, and so known before the server.
  const way = await TcpProxy.start(0);
  const origin = `http://localhost:${way.port}`;
  const webAuthn = { WEBAUTHN_RP_ID: 'localhost', WEBAUTHN_ORIGINS: origin, PUBLIC_URL: origin };
  const app = await TestApp.start({ stores, env: { ...webAuthn, ...env } });
  way.redirect(Number(new URL(app.origin).port));
  return {
    app,
    origin,
    async [Symbol.asyncDispose]() {
      await way.stop();
      await app.stop();
      await stores.drop();
    },
  };
}

interface Credential {
  readonly credentialId: string;
  readonly userName?: string;
}

/** An authenticator that is part of a page's device, and knows its user. */
export class VirtualAuthenticator {
  private constructor(
    private readonly devtools: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  /** @param isPresent whether its user says yes to whatever is asked, at once */
  static async plugIn(page: Page, { isPresent = true } = {}): Promise<VirtualAuthenticator> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: isPresent,
      },
    });
    return new VirtualAuthenticator(devtools, authenticatorId);
  }

  /** Takes it away, with all that it holds. */
  async unplug(): Promise<void> {
    await this.devtools.send('WebAuthn.disable');
    await this.devtools.detach();
  }

  /** The user takes what is offered, now and from now on; or nothing any more. */
  async agree(isPresent = true): Promise<void> {
    const { authenticatorId } = this;
    await this.devtools.send('WebAuthn.setAutomaticPresenceSimulation', {
      authenticatorId,
      enabled: isPresent,
    });
  }

  async credentials(): Promise<readonly Credential[]> {
    const { authenticatorId } = this;
    const { credentials } = await this.devtools.send('WebAuthn.getCredentials', {
      authenticatorId,
    });
    return credentials;
  }

  /** As passkeys come to another device of their owner. */
  async copyTo(other: VirtualAuthenticator): Promise<void> {
    const { authenticatorId } = this;
    const { credentials } = await this.devtools.send('WebAuthn.getCredentials', {
      authenticatorId,
    });
    for (const credential of credentials) {
      await other.devtools.send('WebAuthn.addCredential', {
        authenticatorId: other.authenticatorId,
        credential,
      });
    }
  }
}
