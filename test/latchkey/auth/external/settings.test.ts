import { afterEach, describe, expect, it } from 'vitest';
import '../../../../src/latchkey/latchkey.module.js';
import { Injectable, Module } from '@nestjs/common';
import {
  type ExternalIdentity,
  ExternalProvider,
  LatchkeyModule,
} from '../../../../src/latchkey/index.js';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import { uniqueEmail } from '../../../builders/accounts.js';
import { destinationOf, ExternalVisitor } from '../../../builders/external-sign-in.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';

const GOOD = { EXTERNAL_PROVIDERS: 'acme', EXTERNAL_ACME_CLIENT_ID: 'id' };
const ACME = {
  ...GOOD,
  EXTERNAL_ACME_CLIENT_SECRET: 'top-secret',
  EXTERNAL_ACME_ISSUER: 'https://id.example',
};

function problems(env: Record<string, string>): string {
  try {
    loadConfig(env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the service does not start, and says what is wrong', () => {
  it.each([
    [GOOD, 'EXTERNAL_ACME_CLIENT_SECRET must be set: EXTERNAL_PROVIDERS lists acme'],
    [GOOD, 'EXTERNAL_ACME_ISSUER must be set: EXTERNAL_PROVIDERS lists acme'],
    [{ EXTERNAL_PROVIDERS: 'google' }, 'EXTERNAL_GOOGLE_CLIENT_ID must be set'],
    [{ EXTERNAL_PROVIDERS: 'apple' }, 'EXTERNAL_APPLE_PRIVATE_KEY must be set'],
    [{ ...ACME, EXTERNAL_ACME_CLIENTID: 'x' }, 'EXTERNAL_ACME_CLIENTID is read by nothing'],
    [{ ...ACME, EXTERNAL_ACME_ISSUER: 'id.example' }, 'EXTERNAL_ACME_ISSUER must be an address'],
    [{ ...ACME, EXTERNAL_ACME_ISSUER: 'https://id.example/?x' }, 'EXTERNAL_ACME_ISSUER must be'],
    [{ ...ACME, EXTERNAL_PROVIDERS: 'acme,acme' }, 'must list a provider once'],
    [{ ...ACME, EXTERNAL_ACME_KEEP_TOKENS: 'yes' }, 'EXTERNAL_ACME_KEEP_TOKENS must be on or off'],
    [{ EXTERNAL_PROVIDERS: 'Acme' }, 'EXTERNAL_PROVIDERS must list words'],
    [{ EXTERNAL_RETURN_URLS: '/app' }, 'EXTERNAL_RETURN_URLS must list exact addresses'],
    [{ ...ACME, EXTERNAL_ACME_EMAIL_DOMAINS: '@x' }, 'EXTERNAL_ACME_EMAIL_DOMAINS must be domains'],
    [
      { ...ACME, NODE_ENV: 'production', EXTERNAL_ACME_ISSUER: 'http://x.example' },
      'must be https',
    ],
  ])('%j', (env, problem) => {
    const message = problems(env);
    expect(message).toContain(problem);
    expect(message).not.toContain('top-secret');
  });

  it('is content with four settings, and does not read those of providers that are not listed', () => {
    expect(problems(ACME)).toBe('');
    expect(problems({ EXTERNAL_OLD_CLIENT_ID: 'x' })).toBe('');
  });
});

describe('a provider of a team’s own', () => {
  let person: ExternalIdentity | Error;

  @Injectable()
  class CampusProvider extends ExternalProvider {
    readonly id = 'campus';
    readonly name = 'Campus';

    override async begin({ redirectUri, state }: { redirectUri: string; state: string }) {
      return new URL(`https://campus.example/?${new URLSearchParams({ redirectUri, state })}`);
    }

    override async finish() {
      if (person instanceof Error) throw person;
      return person;
    }
  }
  @Module({ imports: [LatchkeyModule], providers: [CampusProvider] })
  class WithCampus {}

  let app: Awaited<ReturnType<typeof startTestApp>> | undefined;
  afterEach(async () => app?.[Symbol.asyncDispose]());

  it('is found by its class, and what it answers is held to the same form', async () => {
    app = await startTestApp({ EXTERNAL_PROVIDERS: 'campus' }, { module: WithCampus });
    const comesThrough = async () => {
      const visitor = new ExternalVisitor(app as NonNullable<typeof app>, 'campus');
      const asked = new URL(await visitor.start({ returnTo: '/app' })).searchParams;
      expect(asked.get('redirectUri')).toBe(`${ISSUER}/auth/external/campus/callback`);
      const query = new URLSearchParams({ state: asked.get('state') ?? '' });
      const { fragment } = destinationOf(
        await visitor.comeBack(`${asked.get('redirectUri')}?${query}`),
      );
      return fragment.error ?? ((await visitor.accessToken()) && 'signed in');
    };
    const email = { address: uniqueEmail(), standing: 'proved' } as const;
    person = { issuer: 'https://campus.example', subject: '7', email };
    expect(await comesThrough()).toBe('signed in');
    person = { ...person, email: null };
    expect(await comesThrough()).toBe('signed in');
    for (const subject of ['', 'x y', 'x'.repeat(256), undefined as unknown as string]) {
      person = { issuer: 'https://campus.example', subject, email: null };
      expect(await comesThrough()).toBe('auth.external_refused');
    }
    person = new TypeError('a mistake of the class');
    expect(await comesThrough()).toBe('auth.external_refused');
    const token = { idToken: 'x', nonce: 'n'.repeat(16) };
    const answer = await app.api.post('/auth/external/campus/token', token);
    expect(answer.body.code).toBe('auth.external_token_unsupported');
  });

  it('that is listed and is not there ends the start', async () => {
    app = undefined;
    await expect(startTestApp({ EXTERNAL_PROVIDERS: 'campus' })).rejects.toThrow(
      'set EXTERNAL_CAMPUS_ISSUER, or provide a class that extends ExternalProvider',
    );
  });
});
