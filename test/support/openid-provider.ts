import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Claims = Record<string, unknown>;
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown;

/** A code as it was issued: everything that OAuth binds it to. */
interface IssuedCode {
  readonly claims: Claims;
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
  readonly clientId: string | null;
  /** Whether the person has agreed to access while they are away (OpenID Connect Core section 11). */
  readonly offline: boolean;
  readonly scope: string;
}

export const CLIENT_ID = 'latchkey-at-the-provider';
export const CLIENT_SECRET = 'the secret of latchkey at the provider';

/** What a hostile or broken provider does instead; whatever is absent is as it should be. */
export interface Faults {
  /** The claims of the ID token, as they are signed. */
  idToken?: (claims: Claims) => Claims;
  /** In place of the ID token. */
  rawIdToken?: (claims: Claims) => Promise<string> | string;
  metadata?: (metadata: Claims) => Claims;
  /** What the token endpoint answers. */
  answered?: (body: Claims) => Claims;
  /** The parameters with which the browser is sent back. */
  answer?: (parameters: URLSearchParams) => void;
  /** In place of an endpoint, by its path. */
  handlers?: Record<string, Handler>;
}

interface ProviderKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** What every provider of this process begins with: a key of RSA takes longer to make than most tests. */
let firstKey: Promise<ProviderKey> | undefined;

async function newKey(): Promise<ProviderKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/**
 * A small provider of OpenID Connect over real HTTP with real signatures: honest, as its `faults` are empty. It
 * checks what the specification has it check (client, redirect URI, PKCE, a code once), so that a client that
 * leaves something out is refused.
 */
export class OpenIdProvider {
  /** Whoever signs in next. */
  person: Claims = {};
  faults: Faults = {};
  /** What has been asked, by path. */
  readonly requests: string[] = [];
  /** What clients have shown in forms, instead of HTTP Basic. */
  readonly secrets: string[] = [];
  /** How long access tokens are good for. */
  tokenSeconds = 60;
  /** Every access and refresh token that it has given. */
  readonly given: string[] = [];
  /** How often it was asked for new tokens. */
  refreshes = 0;
  private readonly codes = new Map<string, IssuedCode>();
  private readonly tokens = new Map<string, Claims>();
  /** Each works once: the next one takes its place. */
  private readonly refreshTokens = new Map<string, IssuedCode>();
  private key!: ProviderKey;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    /** Below the origin, as for Microsoft. */
    readonly path: string,
  ) {}

  get issuer(): string {
    return this.origin + this.path;
  }

  static async start(path = ''): Promise<OpenIdProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const provider = new OpenIdProvider(server, `http://127.0.0.1:${port}`, path);
    firstKey ??= newKey();
    provider.key = await firstKey;
    server.on('request', (request, response) => provider.handle(request, response));
    return provider;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** From now on it signs with another key, and publishes that alone. */
  async rotateKeys(): Promise<void> {
    this.key = await newKey();
  }

  /** The person has taken back what they had agreed to. */
  forgetGrants(): void {
    this.refreshTokens.clear();
  }

  sign(claims: Claims, header: Claims = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: this.key.jwk.kid, ...header })
      .sign(this.key.privateKey);
  }

  /** The claims of an ID token about the person, as an honest provider has them. */
  claimsOf(person: Claims, nonce: string | null, audience: unknown = CLIENT_ID): Claims {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 300 };
    return {
      iss: this.issuer,
      aud: audience,
      ...times,
      ...(nonce !== null && { nonce }),
      ...person,
    };
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.origin);
    this.requests.push(url.pathname);
    let body = '';
    for await (const part of request) body += part;
    const handler = this.faults.handlers?.[url.pathname];
    if (handler !== undefined) return void handler(request, response, body);
    const path = url.pathname.slice(this.path.length);
    if (path === '/.well-known/openid-configuration') return send(response, 200, this.metadata());
    if (path === '/jwks') return send(response, 200, { keys: [this.key.jwk] });
    if (path === '/authorize') return this.authorize(url.searchParams, response);
    if (path === '/userinfo') {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
      return send(response, 200, this.tokens.get(token) ?? {});
    }
    if (path === '/token') {
      const form = new URLSearchParams(body);
      if (form.get('grant_type') === 'refresh_token') return this.refresh(request, form, response);
      return this.redeem(request, form, response);
    }
    send(response, 404, {});
  }

  private metadata(): Claims {
    const { issuer } = this;
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
    };
    return this.faults.metadata?.(metadata) ?? metadata;
  }

  private authorize(asked: URLSearchParams, response: ServerResponse): void {
    const [redirectUri, state] = [asked.get('redirect_uri'), asked.get('state')];
    const isGood = asked.get('response_type') === 'code' && redirectUri !== null;
    if (!isGood || asked.get('code_challenge_method') !== 'S256') {
      send(response, 400, {});
      return;
    }
    const scope = asked.get('scope') ?? '';
    const wantsIt = scope.includes('offline_access') || asked.get('access_type') === 'offline';
    const code = randomBytes(16).toString('hex');
    this.codes.set(code, {
      claims: { ...this.person },
      nonce: asked.get('nonce'),
      challenge: asked.get('code_challenge'),
      redirectUri,
      clientId: asked.get('client_id'),
      offline: wantsIt && asked.get('prompt') === 'consent',
      scope,
    });
    const answer = new URLSearchParams({ code, state: state ?? '', iss: this.issuer });
    this.faults.answer?.(answer);
    if (asked.get('response_mode') === 'form_post') sendForm(response, redirectUri, answer);
    else response.writeHead(302, { Location: `${redirectUri}?${answer}` }).end();
  }

  private async redeem(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const secret = form.get('client_secret');
    if (secret !== null) this.secrets.push(secret);
    const code = form.get('code') ?? '';
    const issued = this.codes.get(code);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const isGood =
      issued?.clientId === clientOf(request, form) &&
      issued?.redirectUri === form.get('redirect_uri') &&
      issued?.challenge === challenge;
    if (issued === undefined || !isGood) return send(response, 400, { error: 'invalid_grant' });
    this.codes.delete(code);
    return this.give(response, issued, issued.nonce);
  }

  private async refresh(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    this.refreshes += 1;
    const token = form.get('refresh_token') ?? '';
    const issued = this.refreshTokens.get(token);
    const isGood = issued?.clientId === clientOf(request, form);
    if (issued === undefined || !isGood) return send(response, 400, { error: 'invalid_grant' });
    this.refreshTokens.delete(token);
    return this.give(response, issued, null);
  }

  private async give(
    response: ServerResponse,
    issued: IssuedCode,
    nonce: string | null,
  ): Promise<void> {
    const claims = this.claimsOf(issued.claims, nonce, issued.clientId);
    const changed = this.faults.idToken?.(claims) ?? claims;
    const idToken = (await this.faults.rawIdToken?.(changed)) ?? (await this.sign(changed));
    const token = randomBytes(16).toString('hex');
    const next = randomBytes(16).toString('hex');
    this.tokens.set(token, issued.claims);
    if (issued.offline) this.refreshTokens.set(next, issued);
    this.given.push(token, ...(issued.offline ? [next] : []));
    const answer = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: this.tokenSeconds,
      scope: issued.scope,
      id_token: idToken,
      ...(issued.offline && { refresh_token: next }),
    };
    send(response, 200, this.faults.answered?.(answer) ?? answer);
  }
}

/** Null unless the client shows its secret, by HTTP Basic (RFC 6749 section 2.3.1) or in the form. */
function clientOf({ headers }: IncomingMessage, form: URLSearchParams): string | null {
  const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? [];
  if (scheme !== 'Basic') return form.has('client_secret') ? form.get('client_id') : null;
  const [id = '', secret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
  const decoded = decodeURIComponent(secret.replaceAll('+', ' '));
  return decoded === CLIENT_SECRET ? decodeURIComponent(id) : null;
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** OAuth 2.0 Form Post Response Mode. */
function sendForm(response: ServerResponse, action: string, answer: URLSearchParams): void {
  const written = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const fields = [...answer].map(
    ([name, value]) => `<input name="${name}" value="${written(value)}">`,
  );
  const form = `<form method="post" action="${action}">${fields.join('')}</form>`;
  const page = `<!doctype html>${form}<script>document.forms[0].submit()</script>`;
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
}
