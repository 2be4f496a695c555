import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AuthConfig } from '../../auth/auth.config.js';
import { ExternalProviders } from '../../auth/external/external-providers.js';
import { RelyingParty } from '../../auth/factors/passkeys/relying-party.js';
import { WebAuthnConfig } from '../../auth/factors/passkeys/webauthn.config.js';
import { LinksConfig } from '../../auth/mail/links.config.js';
import { MailDemands } from '../../auth/mail/mail-demands.config.js';
import { RecoveryConfig } from '../../auth/recovery/recovery.config.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { PasswordsConfig } from '../../users/passwords/passwords.config.js';
import { brandSheetOf } from './brand-sheet.js';
import { readBuiltPages } from './built-pages.js';
import { type PageSettings, pageDocument, pagePolicy } from './page-document.js';
import { PagesConfig } from './pages.config.js';

/** Links in mails lead to some of them: see `MailLinks`. */
const PAGE_NAMES = [
  'sign-in',
  'register',
  'verify',
  'recover',
  'accept-invitation',
  'confirm-email',
  'undo-email-change',
  'end-sessions',
  'link-identity',
  'account',
];
/** Apps that people sign in at lead to them. */
const PAGES_OF_SINGLE_SIGN_ON = ['authorize', 'device', 'sign-out'];

const KEPT_FOR_A_YEAR = 'public, max-age=31536000, immutable';

/**
 * Serves the pages of `apps/pages` under `/pages/`. To load or render one changes nothing: what a link
 * holds is in its fragment, which does not get here.
 *
 * @returns whether there are pages
 */
export async function servePages(app: NestFastifyApplication): Promise<boolean> {
  const config = app.get(PagesConfig, { strict: false });
  if (config.pages === 'off') {
    warnOfLinks(app);
    return false;
  }
  const built = await readBuiltPages();
  if (built === null) {
    new Logger('Pages').warn('There are no pages: "npm run build" makes them of apps/pages.');
    return false;
  }
  const server = app.getHttpAdapter().getInstance();
  const brand = Buffer.from(brandSheetOf(config.brandColor));
  const brandSheet = `brand-${createHash('sha256').update(brand).digest('hex').slice(0, 8)}.css`;
  serveAssets(server, new Map([...built.assets, [brandSheet, brand]]));

  const { brandLogoUrl: logoUrl } = config;
  // Once there is a request: providers of a team's own are found after routes are.
  let document: string | undefined;
  const documentOf = () => {
    document ??= pageDocument(built, { settings: settingsOf(app), brandSheet, logoUrl });
    return document;
  };
  const policy = pagePolicy(logoUrl);
  const { isOn } = app.get(SingleSignOnConfig, { strict: false });
  for (const name of [...PAGE_NAMES, ...(isOn ? PAGES_OF_SINGLE_SIGN_ON : [])]) {
    server.get(`/pages/${name}`, (_request, reply) =>
      reply
        .header('content-security-policy', policy)
        .header('cross-origin-resource-policy', 'same-origin')
        .type('text/html; charset=utf-8')
        .send(documentOf()),
    );
  }
  server.get('/pages', (_request, reply) => reply.redirect('pages/account'));
  server.get('/pages/', (_request, reply) => reply.redirect('account'));
  return true;
}

function warnOfLinks(app: NestFastifyApplication): void {
  const { pagesUrl } = app.get(LinksConfig, { strict: false });
  if (pagesUrl !== undefined || !app.get(Mailer, { strict: false }).available) return;
  new Logger('Pages').warn('PAGES is off and PAGES_URL is not set: links in mails lead nowhere.');
}

function serveAssets(server: FastifyInstance, assets: ReadonlyMap<string, Buffer>): void {
  for (const [name, body] of assets) {
    const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
    server.get(`/pages/assets/${name}`, (_request, reply) =>
      reply.header('cache-control', KEPT_FOR_A_YEAR).type(`${type}; charset=utf-8`).send(body),
    );
  }
}

function settingsOf(app: NestFastifyApplication): PageSettings {
  const find = <T>(type: new (...args: never[]) => T) => app.get<T>(type, { strict: false });
  const { registration, passwordSignIn, emailVerification } = find(AuthConfig);
  const mails = find(Mailer).available;
  return {
    brand: find(MailConfig).brandName,
    registration: registration === 'open',
    passwordSignIn: passwordSignIn === 'on',
    recovery: mails && find(RecoveryConfig).recovery === 'on',
    emailSignIn: mails && find(MailDemands).emailSignIn === 'on',
    emailChange: mails,
    singleSignOn: find(SingleSignOnConfig).isOn,
    emailVerification: mails ? emailVerification : 'off',
    passwordMinLength: find(PasswordsConfig).minLength,
    passkeyOrigins: find(RelyingParty).origins,
    providers: find(ExternalProviders)
      .list()
      .map(({ id, name }) => ({ id, name })),
    passkeyUpgrade: find(WebAuthnConfig).passkeyUpgrade === 'on',
  };
}
