import { randomBytes } from 'node:crypto';
import type { Answer } from '../support/api-client.js';
import { CLIENT_ID, CLIENT_SECRET, type OpenIdProvider } from '../support/openid-provider.js';
import { ISSUER, type TestApp } from '../support/test-app.js';
import { cookiesOf } from './browsers.js';

/** How the cookie of each sign-in begins. */
export const EXTERNAL_COOKIE = '__Host-latchkey-external-';

/** What four settings name a provider by. */
export function settingsOf(
  { issuer }: Pick<OpenIdProvider, 'issuer'>,
  id = 'acme',
): Record<string, string> {
  const prefix = `EXTERNAL_${id.toUpperCase()}_`;
  return {
    EXTERNAL_PROVIDERS: id,
    [`${prefix}CLIENT_ID`]: CLIENT_ID,
    [`${prefix}CLIENT_SECRET`]: CLIENT_SECRET,
    [`${prefix}ISSUER`]: issuer,
  };
}

/** Somebody whom no provider has named before. */
export function uniqueSubject(): string {
  return `subject-${randomBytes(8).toString('hex')}`;
}

/** Where an answer sends the browser, taken apart. */
export interface Destination {
  readonly address: string;
  readonly fragment: Record<string, string>;
}

/** A browser that signs in through a provider: it keeps cookies, and follows what it is told. */
export class ExternalVisitor {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly app: Pick<TestApp, 'api'>,
    private readonly id = 'acme',
  ) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Where the start sends the browser to. */
  async start(query: Record<string, string> = {}): Promise<string> {
    const answer = await this.get(`/auth/external/${this.id}/start?${new URLSearchParams(query)}`);
    return answer.headers.get('location') ?? `none: ${answer.status} ${answer.text}`;
  }

  /** What the provider sends the browser back to. */
  async authorize(address: string): Promise<string> {
    const response = await fetch(address, { redirect: 'manual' });
    await response.text();
    return response.headers.get('location') ?? `none: ${response.status}`;
  }

  /** Comes back, as a browser does that another site has sent. */
  async comeBack(address: string): Promise<Answer> {
    return this.get(pathOf(address), { 'Sec-Fetch-Site': 'cross-site' });
  }

  /** All of it. */
  async signIn(query: Record<string, string> = { returnTo: '/app' }): Promise<Destination> {
    const callback = await this.authorize(await this.start(query));
    return destinationOf(await this.comeBack(callback));
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.keep(await this.app.api.get(path, { cookie: this.cookie, headers }));
  }

  /** As a page of the server's own origin does. */
  async post(path: string, body: unknown, token?: string): Promise<Answer> {
    const headers = { 'Sec-Fetch-Site': 'same-origin' };
    return this.keep(
      await this.app.api.post(path, body, {
        cookie: this.cookie,
        headers,
        ...(token !== undefined && { token }),
      }),
    );
  }

  /** The access token of the session that the cookie holds; undefined where nobody is signed in. */
  async accessToken(): Promise<string | undefined> {
    const { body } = await this.post('/auth/refresh', undefined);
    return body?.accessToken as string | undefined;
  }

  private keep(answer: Answer): Answer {
    for (const { name, value } of cookiesOf(answer)) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

/** The path of an address of the server, whose name resolves nowhere. */
export function pathOf(address: string): string {
  if (!address.startsWith(ISSUER)) throw new Error(`This is no address of the server: ${address}`);
  return address.slice(ISSUER.length);
}

export function destinationOf(answer: Answer): Destination {
  if (answer.status !== 303) throw new Error(`It answered ${answer.status}: ${answer.text}`);
  const [address = '', fragment = ''] = (answer.headers.get('location') ?? '').split('#');
  return { address, fragment: Object.fromEntries(new URLSearchParams(fragment)) };
}
