import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { startTestApp } from '../../../support/test-app.js';
import { TestMailServer } from '../../../support/test-mail-server.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { examined } from './examined.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
}, onThisMachine(60_000));
afterAll(() => app[Symbol.asyncDispose]());

const examine = (env = {}) => examined({ DATABASE_URL: app.stores.databaseUrl, ...env });

describe('doctor asks', () => {
  it('the mail server whether it takes mail', async () => {
    const mail = await TestMailServer.start();
    const MAIL_URL = mail.url;
    expect((await examine({ MAIL_URL, MAIL_FROM: 'no-reply@example.com' })).of('mail')).toEqual([
      'ok: The mail server of MAIL_URL takes mail.',
    ]);
    await mail.stop();
    const { exitCode, of } = await examine({ MAIL_URL });
    expect(exitCode).toBe(1);
    expect(of('mail')).toEqual([
      expect.stringMatching(/^wrong: The mail server of MAIL_URL cannot be used: .*ECONNREFUSED/),
      'wrong: Mails come from no-reply@localhost, which no mail server believes.',
    ]);
  });

  it('providers for their metadata', async () => {
    const provider = await OpenIdProvider.start();
    const env = {
      EXTERNAL_PROVIDERS: 'campus',
      EXTERNAL_CAMPUS_ISSUER: provider.issuer,
      EXTERNAL_CAMPUS_CLIENT_ID: 'latchkey',
      EXTERNAL_CAMPUS_CLIENT_SECRET: 'of latchkey at the campus',
    };
    expect((await examine(env)).of('providers')).toEqual([
      `ok: campus is reached at ${provider.issuer}.`,
    ]);
    provider.faults = { metadata: (metadata) => ({ ...metadata, issuer: 'https://evil.example' }) };
    expect((await examine(env)).of('providers')).toEqual([
      expect.stringMatching(/^wrong: Nobody signs in through campus: /),
    ]);
    await provider.stop();
    const { exitCode, of } = await examine(env);
    expect(exitCode).toBe(1);
    expect(of('providers')).toEqual([expect.stringMatching(/ is not reached\.$/)]);
  });

  it(
    'the public address whether it leads to this deployment',
    async () => {
      const { origin } = app;
      expect((await examine({ JWT_ISSUER: origin })).of('public address')).toEqual([
        `ok: JWT_ISSUER leads here: ${origin}/.well-known/oauth-authorization-server`,
      ]);
      const other = await startTestApp();
      const astray = await examine({ JWT_ISSUER: origin, PUBLIC_URL: other.origin });
      expect(astray.exitCode).toBe(1);
      expect(astray.of('public address')).toEqual([
        expect.stringMatching(/^ok: /),
        expect.stringMatching(/^wrong: PUBLIC_URL leads elsewhere: .* answers 200, and not as/),
      ]);
      const { origin: gone } = other;
      await other[Symbol.asyncDispose]();
      expect((await examine({ JWT_ISSUER: gone })).of('public address')).toEqual([
        `notice: ${gone}/.well-known/oauth-authorization-server is not reached from this machine.`,
      ]);
    },
    onThisMachine(60_000),
  );
});
