import { escapeHtml } from '../../platform/http/answers/escape-html.js';
import type { BuiltPages } from './built-pages.js';

/** What the pages have to know of the server's settings: a front end of a team's own knows them. */
export interface PageSettings {
  readonly brand: string;
  readonly registration: boolean;
  readonly passwordSignIn: boolean;
  readonly recovery: boolean;
  readonly emailSignIn: boolean;
  readonly emailChange: boolean;
  readonly singleSignOn: boolean;
  readonly emailVerification: string;
  readonly passwordMinLength: number;
  readonly passkeyOrigins: readonly string[];
  readonly passkeyUpgrade: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export interface PageParts {
  readonly settings: PageSettings;
  readonly brandSheet: string;
  readonly logoUrl: string | undefined;
}

/** The one document that all pages are: the script knows by the address which one to show. */
export function pageDocument(
  { template, script, sheet }: BuiltPages,
  { settings, brandSheet, logoUrl }: PageParts,
): string {
  const logo = logoUrl === undefined ? '' : `<img src="${escapeHtml(logoUrl)}" alt="" height="32">`;
  const parts: Record<string, string> = {
    script,
    sheet,
    brandSheet,
    logo,
    brand: escapeHtml(settings.brand),
    settings: escapeHtml(JSON.stringify(settings)),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
}

/**
 * Scripts and styles are files of this server; no script makes a sink out of text (Trusted Types); and
 * no form is sent but by the script, so that nothing typed can end up in an address.
 */
export function pagePolicy(logoUrl: string | undefined): string {
  const logoOrigin = logoUrl?.startsWith('http') ? ` ${new URL(logoUrl).origin}` : '';
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    `img-src 'self' data:${logoOrigin}`,
    "script-src 'self'",
    "style-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join(';');
}
